internal import ArgumentParser
internal import Foundation
internal import LinuxSystem
internal import Logging
internal import MCP
internal import NIOCore
internal import Server
internal import ServiceLifecycle
internal import Sessions
internal import UnixSignals

/// `harmonium serve`: the daemon.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the tools over MCP until SIGTERM or Ctrl-C.",
        discussion: """
            On SIGTERM, running calls may continue for http.drain-seconds. Everything that an option sets can also be set
            by the environment or a file; docs/configuration.md lists it all.
            """
    )

    @Option(name: .long, help: "The address to listen on; localhost is 127.0.0.1 and ::1.")
    var host: String?

    @Option(name: .long, help: "The TCP port; 0 takes a free one.")
    var port: Int?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (settings, installation) = try await common.prepare(
            options: ["http.host": host, "http.port": port.map(String.init)]
        )
        Allocator.returnLargeBlocks()
        try ResourceLimits.raiseDescriptors()
        try Privileges.giveUp(settings)
        let encoding = try installation.encoding()
        let directory = try RuntimeDirectory()
        defer { directory.remove() }
        let tools = try ServedTools(settings: settings, installation: installation, encoding: encoding, directory)
        let server = HarmoniumServer(
            router: makeRouter(
                namespaces: tools.namespaces,
                version: version,
                encoding: encoding,
                settings: settings.server,
                sessions: SessionDirectory(tools.sessions),
                commands: tools.commands,
                snapshots: tools.snapshots,
                files: tools.files,
                readiness: { await tools.readiness }
            ),
            settings: settings.server,
            onListening: { port in await announce(port: port, tools) }
        )
        let services = ServeCommand.services(tools.services + [server], settings)
        do {
            try await services.run()
        } catch let error as WorkerError {
            complain(error.description)
            throw ExitCode(1)
        } catch let error as IOError {
            complain("cannot listen on \(settings.host), port \(settings.port) (\(error)); choose another with --port")
            throw ExitCode(1)
        }
    }

    /// The services as one, which shuts them down from the last to the first: calls end before the sessions they run on.
    private static func services(_ services: [any Service], _ settings: Settings) -> ServiceGroup {
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger.current
        )
        // Each service has bounds of its own; these hold where one of them does not.
        configuration.maximumGracefulShutdownDuration = settings.drain + .seconds(30)
        configuration.maximumCancellationDuration = .seconds(15)
        return ServiceGroup(configuration: configuration)
    }

    /// Prints where the tools are, once they can be called; nothing if they never can.
    private func announce(port: Int, _ tools: ServedTools) async {
        for service in tools.workerServices { service.workers.listens(on: port) }
        for service in tools.workerServices where await !service.workers.areReady { return }
        let base = "localhost:\(port)"
        let names = tools.namespaces.map(\.name)
        let width = (names.map(\.count).max() ?? 0) + 2
        let places = names.map { name in
            "  \(name.padding(toLength: width, withPad: " ", startingAt: 0))http://\(base)/\(name)/sse   http://\(base)/\(name)/mcp"
        }
        let lines =
            ["Harmonium \(version) serves"] + places
            + [
                "vllm serve openai/gpt-oss-20b --tool-server \(names.map { "\(base)/\($0)" }.joined(separator: ","))",
                "",
            ]
        try? FileHandle.standardOutput.write(contentsOf: Data(lines.joined(separator: "\n").utf8))
    }

    private func complain(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data("harmonium: \(text)\n".utf8))
    }
}

extension Settings {
    fileprivate var server: ServerSettings {
        var server = ServerSettings()
        server.hosts = host == "localhost" ? ["127.0.0.1", "::1"] : [host]
        server.port = port
        server.allowedHosts = allowedHosts
        server.allowedOrigins = allowedOrigins
        server.allowsLocalOrigins = allowsLocalOrigins
        server.bodyBytesMax = bodyBytesMax
        server.bodiesBytesMax = bodiesBytesMax
        server.keepAlive = keepAlive
        server.connectionsMax = connectionsMax
        server.drain = drain
        server.roomIdle = python.sandboxes.roomIdle
        return server
    }
}
