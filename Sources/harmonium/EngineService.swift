internal import AsyncHTTPClient
internal import Foundation
internal import JSON
internal import Logging
internal import MCP
internal import Responses
internal import ServiceLifecycle
internal import Tokenizer

/// The engine of `/v1/responses`, and the gateway to it.
struct EngineService: Service {
    let gateway: ResponseGateway
    /// Where the engine is; nil for a recording.
    private let endpoint: EngineEndpoint?
    private let engine: CompletionsEngine?
    private let client: HTTPClient
    /// Of its own: an answer must not wait until warm-up leaves a connection free.
    private let warmUpClient: HTTPClient

    /// Nil where no engine is set.
    ///
    /// - Throws: ``SettingsError``.
    init?(settings: Settings, namespaces: [any ToolNamespace], encoding: Encoding?) throws {
        guard !settings.engine.address.isEmpty else { return nil }
        guard let encoding else {
            throw SettingsError(
                "engine.address: an engine gets and gives token ids, and there is no vocabulary here; get one with "
                    + "`harmonium vocabulary install`"
            )
        }
        let file = settings.engine.address.wholeMatch(of: /replay:(.+)/).map { String($0.1) }
        let replay = try file.map { try EngineService.replay($0, model: settings.engine.model, encoding) }
        let endpoint = file == nil ? try EngineService.endpoint(settings.engine) : nil
        self.endpoint = endpoint
        // Made last: a client that is not shut down ends the program.
        let client = HTTPClient(configuration: CompletionsEngine.clientConfiguration)
        self.client = client
        let completions = endpoint.map { CompletionsEngine($0, client: client, encoding: encoding) }
        self.engine = completions
        guard let engine: any Engine = replay ?? completions else {
            preconditionFailure("an engine that is neither a recording nor at an address")
        }
        let warmUpClient = HTTPClient(configuration: PrefixWarmUp.clientConfiguration)
        self.warmUpClient = warmUpClient
        gateway = ResponseGateway(
            engine: engine,
            namespaces: namespaces,
            encoding: encoding,
            warmUp: endpoint.map { PrefixWarmUp(engine: $0, client: warmUpClient) },
            now: { Int(Date.now.timeIntervalSince1970) }
        )
    }

    /// Says once whether the engine answers, then waits until shut down.
    func run() async throws {
        await probe()
        try? await gracefulShutdown()
        try await client.shutdown()
        try await warmUpClient.shutdown()
    }

    private static func replay(
        _ file: String,
        model: String,
        _ encoding: Encoding
    ) throws -> ReplayEngine {
        do {
            let recording = try String(contentsOfFile: file, encoding: .utf8)
            return try ReplayEngine(model: model.isEmpty ? "replay" : model, recording: recording, encoding: encoding)
        } catch let error as EngineError {
            throw SettingsError("engine.address: \(file): \(error)")
        } catch {
            throw SettingsError("engine.address: \(file) cannot be read (\(error.localizedDescription))")
        }
    }

    private static func endpoint(_ engine: Settings.Engine) throws -> EngineEndpoint {
        guard let url = URL(string: engine.address), ["http", "https"].contains(url.scheme), url.host() != nil else {
            throw SettingsError(
                "engine.address: \"\(engine.address)\" is no URL such as http://localhost:8000, and no replay:FILE"
            )
        }
        guard !engine.model.isEmpty else {
            throw SettingsError("engine.model: name the model as the engine does, such as openai/gpt-oss-20b")
        }
        var address = engine.address
        while address.hasSuffix("/") { address.removeLast() }
        if !address.hasSuffix("/v1") { address += "/v1" }
        return EngineEndpoint(address: address, model: engine.model, apiKey: engine.key.isEmpty ? nil : engine.key)
    }

    /// The engine may start after the daemon, whose tools it needs: what is missing is a line in the log.
    private func probe() async {
        guard let endpoint, let engine else { return }
        let place: Logger.Metadata = ["engine": "\(endpoint.address)"]
        guard let json = try? await engine.models() else {
            return Logger.current.warning("The engine does not answer yet", metadata: place)
        }
        let models = json["data"]?.array?.compactMap { $0["id"]?.string } ?? []
        guard models.contains(endpoint.model) else {
            let metadata = place.merging(["models": "\(models.joined(separator: ", "))"]) { $1 }
            return Logger.current.warning("The engine does not have the model \(endpoint.model)", metadata: metadata)
        }
        Logger.current.info("The engine answers", metadata: place)
    }
}
