internal import ArgumentParser
internal import BrowserTool
internal import Chromium
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
        for worker in service.workers.processes { await report(worker, of: "python") }
        print("[\(answer == "977966748" ? "ok" : "missing")] 64548*15151 in a session: \(answer)")
    }

    private func tryContainer(_ service: ContainerService) async throws {
        let shown = try await service.withWorkers { try await DoctorCommand.tryCommand(service.namespace) }
        for worker in service.workers.processes { await report(worker, of: "container") }
        print("[\(shown == "977966748\n" ? "ok" : "missing")] a command in a container: \(shown)")
    }

    private func report(_ worker: WorkerProcess, of tool: String) async {
        print("[note] sessions of \(tool) with the network \(worker.network):")
        for layer in await worker.layers {
            let words = layer.split(separator: " ", maxSplits: 1)
            print("[\(words.first == "on" ? "ok" : "missing")] \(words.last ?? "")")
        }
        for note in await worker.notes { print("[note] \(note)") }
    }

    private static func tryCommand(_ namespace: ContainerNamespace) async throws -> String {
        let exec = namespace.tools.first { $0.description.name == "exec" }
        let call = ToolCall(
            arguments: ["cmd": ["bash", "-c", "echo $((64548*15151))"]],
            session: SessionKey(id: "doctor", endsWithConnection: true)
        )
        return try await exec?.call(call) { _ in }.text ?? ""
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
