internal import ArgumentParser
internal import BrowserTool
internal import Chromium
internal import ContainerImages
internal import ContainerTool
internal import Foundation
internal import JSON
internal import MCP
internal import Sandbox
internal import Sessions
internal import Synchronization

/// `harmonium doctor`: what this machine has, what is missing, and how to get it.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Print which layers of isolation this machine has, and run a cell in them."
    )

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (settings, installation) = try await common.prepare(options: ["python.pool": "1", "container.pool": "1"])
        let surroundings = Surroundings()
        print("[note] this is \(surroundings.summary)")
        let encoding = try installation.encoding()
        print(encoding == nil ? "[missing] vocabulary: \(Installation.noVocabulary)" : "[ok] vocabulary: o200k_harmony")
        await reportChromium(settings.browser)
        let directory = try RuntimeDirectory()
        defer { directory.remove() }
        do {
            try await tryPython(
                PythonService(
                    settings: settings,
                    installation: installation,
                    encoding: encoding,
                    directory: directory
                )
            )
            if let container = try ContainerService(
                settings: settings,
                installation: installation,
                directory: directory
            ) {
                try await tryContainer(container)
            }
        } catch let error as WorkerError {
            print("[missing] \(error.description)")
            for remedy in surroundings.remedies { print("[remedy] \(remedy)") }
            throw ExitCode(1)
        }
    }

    private func reportChromium(_ settings: Settings.Browser) async {
        guard settings.render != .never else { return }
        guard let program = ChromiumProgram(at: settings.chromium) else {
            print("[missing] Chromium: pages are shown without their scripts; apt install chromium-headless-shell")
            return
        }
        let reason = await program.reasonNotToStart()
        print(
            reason.map { "[missing] \(program.path) does not start: \($0)" } ?? "[ok] scripts of pages: \(program.path)"
        )
    }

    private func tryPython(_ service: PythonService) async throws {
        let answer = try await service.withWorkers { try await DoctorCommand.tryCell(service.sandbox) }
        for worker in service.workers.processes {
            for line in await DoctorCommand.report(of: worker, "python") { print(line) }
        }
        print("[\(answer == "977966748" ? "ok" : "missing")] 64548*15151 in a session: \(answer)")
    }

    private func tryContainer(_ service: ContainerService) async throws {
        let (shown, images) = try await service.withWorkers {
            let shown = try await DoctorCommand.tryCommand(service.namespace)
            return (shown, try await DoctorCommand.tryImages(service))
        }
        for worker in service.workers.processes {
            for line in await DoctorCommand.report(of: worker, "container") { print(line) }
        }
        print("[\(DoctorCommand.word(for: shown))] a command in a container: \(shown)")
        for line in images { print(line) }
    }

    /// What becomes of a command in a container from each image, and what confines it.
    private static func tryImages(_ service: ContainerService) async throws -> [String] {
        var lines: [String] = []
        for image in service.images.images().prefix(ImageWorkers.workersMax) {
            if let problem = try service.images.check(image.name).first(where: \.isFatal) {
                lines.append("[missing] the image \(image.name): \(problem)")
                continue
            }
            let shown = try await tryCommand(service.namespace, image: image.name)
            lines.append("[\(word(for: shown))] a command in a container from the image \(image.name): \(shown)")
        }
        for (image, worker) in await service.workers.ofImages ?? [] {
            lines += await report(of: worker, "container from the image \(image)")
        }
        return lines
    }

    private static func word(for shown: String) -> String { shown == "977966748" ? "ok" : "missing" }

    /// The layers of a worker, and what else it has to say.
    private static func report(of worker: WorkerProcess, _ tool: String) async -> [String] {
        let layers = await worker.layers.map { layer in
            let words = layer.split(separator: " ", maxSplits: 1)
            return "[\(words.first == "on" ? "ok" : "missing")] \(words.last ?? "")"
        }
        let notes = await worker.notes.map { "[note] \($0)" }
        return ["[note] sessions of \(tool) with the network \(worker.network):"] + layers + notes
    }

    /// Runs a command in a container from `image`, or what is usual.
    private static func tryCommand(_ namespace: ContainerNamespace, image: String? = nil) async throws -> String {
        let exec = namespace.tools.first { $0.description.name == "exec" }
        let call = ToolCall(
            arguments: ["cmd": ["sh", "-c", "echo $((64548*15151))"]],
            session: SessionKey(id: "doctor \(image ?? "")", endsWithConnection: true, image: image)
        )
        let text = try await exec?.call(call) { _ in }.text ?? ""
        return text.trimmingCharacters(in: .newlines)
    }

    private static func tryCell(_ sandbox: Sandbox) async throws -> String {
        let answer = Mutex<[UInt8]>([])
        _ = try await sandbox.run(
            Array("64548*15151".utf8),
            in: SessionUse(SessionID("doctor")),
            timeLimit: .seconds(30)
        ) { event in
            if case .output(let bytes) = event { answer.withLock { $0 += bytes } }
        }
        return String(decoding: answer.withLock { $0 }, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}
