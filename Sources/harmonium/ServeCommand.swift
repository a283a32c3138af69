internal import ArgumentParser
internal import Foundation
internal import LinuxSystem
internal import Logging
internal import MCP
internal import NIOCore
internal import Server
internal import ServiceLifecycle
internal import Sessions
internal import Tokenizer
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

    @Option(
        name: .long,
        help: "The engine of /v1/responses: a URL such as http://localhost:8000, or replay:FILE for recorded turns."
    )
    var engine: String?

    @Option(name: .long, help: "The model, as the engine names it.")
    var model: String?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (settings, installation) = try await common.prepare(
            options: [
                "http.host": host, "http.port": port.map(String.init), "engine.address": engine, "engine.model": model,
            ]
        )
        Allocator.returnLargeBlocks()
        try ResourceLimits.raiseDescriptors()
        try Privileges.giveUp(settings)
        let encoding = try installation.encoding()
        let directory = try RuntimeDirectory()
        defer { directory.remove() }
        let tools = try ServedTools(settings: settings, installation: installation, encoding: encoding, directory)
        let engine = try EngineService(settings: settings, namespaces: tools.namespaces, encoding: encoding)
        let server = server(tools, engine: engine, settings: settings, encoding: encoding)
        let services = ServeCommand.services(tools.services + [engine].compactMap(\.self) + [server], settings)
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

    private func server(_ tools: ServedTools, engine: EngineService?, settings: Settings, encoding: Encoding?)
        -> HarmoniumServer
    {
        HarmoniumServer(
            router: makeRouter(
                namespaces: tools.namespaces,
                version: version,
                encoding: encoding,
                settings: settings.server,
                sessions: SessionDirectory(tools.sessions),
                commands: tools.commands,
                snapshots: tools.snapshots,
                files: tools.files,
                responses: engine?.gateway,
                readiness: { await tools.readiness }
            ),
            settings: settings.server,
            onListening: { port in await announce(port: port, tools, hasEngine: engine != nil) }
        )
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
    private func announce(port: Int, _ tools: ServedTools, hasEngine: Bool) async {
        for service in tools.workerServices { service.workers.listens(on: port) }
        for service in tools.workerServices where await !service.workers.areReady { return }
        let base = "localhost:\(port)"
        let names = tools.namespaces.map(\.name)
        var rows = names.map { (name: $0, place: "http://\(base)/\($0)/sse   http://\(base)/\($0)/mcp") }
        if hasEngine { rows.append((name: "responses", place: "http://\(base)/v1/responses")) }
        let width = (rows.map(\.name.count).max() ?? 0) + 2
        let places = rows.map { "  \($0.name.padding(toLength: width, withPad: " ", startingAt: 0))\($0.place)" }
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
