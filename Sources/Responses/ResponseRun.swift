internal import Harmony
public import JSON
internal import Logging
public import MCP
internal import Synchronization

/// One response on its way: the loop over engine and tools, as events.
public struct ResponseRun: Sendable {
    /// What the response is made from.
    struct Setting: Sendable {
        let request: ResponseRequest
        let engine: any Engine
        let tools: ToolPlan
        var conversation: Conversation
        /// The prompt of the response that this one continues, with what follows it; nil where it is made of messages.
        var growing: Prompt?
        let renderer: Renderer
        let session: SessionKey
        let limits: ResponseLimits
        /// What has the engine compute a tool's output while the tool runs; nil for none.
        let warmUp: PrefixWarmUp?
        /// What citations lead to; nil where there is no browser.
        let citedPages: CitedPages?
        let repairCounts: RepairCounts
        /// What the response took before its first turn.
        var usage = Usage()
    }

    /// A response that has ended.
    public struct Outcome: Sendable {
        /// The response, as the last event had it.
        public let response: JSONValue
        /// Why it failed; nil if it did not.
        public let failure: ResponseError?
        let past: Conversation.Past
        /// All ids, for a response that goes on with them; nil where it makes its own.
        var prompt: Prompt?
    }

    /// The messages of the system and of the developer that the conversation begins with.
    var head: [Message] { Array(setting.conversation.messages.dropLast(setting.conversation.dialog.count)) }

    /// The request.
    public var request: ResponseRequest { setting.request }
    /// The session that the tools work in.
    public var session: SessionKey { setting.session }
    /// The response's id, which begins with `resp_`.
    public let id: String

    /// When it was made, in seconds since 1970.
    public var createdAt: Int { resource.createdAt }

    let setting: Setting
    private let resource: ResponseResource
    private var opening: Opening?

    init(_ setting: Setting, id: String, now: @escaping @Sendable () -> Int) {
        self.setting = setting
        self.id = id
        resource = ResponseResource(id: id, model: setting.engine.model, request: setting.request, now: now)
    }

    /// A run that goes on with another setting.
    init(_ run: ResponseRun, with setting: Setting) {
        self.setting = setting
        id = run.id
        resource = run.resource
    }

    /// The run with its prompt, which is made once; a conversation that may be compacted has it later.
    ///
    /// - Throws: ``ResponseError`` for a conversation that is longer than the model reads. ``run(send:)`` makes a failed
    ///   response of that.
    public func opened() async throws -> ResponseRun {
        guard !request.isCompactable else { return self }
        var run = self
        run.opening = try await readyOpening()
        return run
    }

    private func readyOpening() async throws -> Opening {
        if let opening { opening } else { try await Opening(setting) }
    }

    /// Carries the response out.
    ///
    /// - Parameter send: Takes the events in order; the engine is read no faster than this takes them.
    /// - Returns: Nil once the task is cancelled, which ends the work of the engine and of tools.
    public func run(send: @escaping @Sendable (ResponseEvent) async -> Void) async -> Outcome? {
        let writer = ResponseWriter(resource, send: send)
        await writer.begin()
        guard request.isGenerating else { return await endWithoutModel(writer) }
        await list(setting.tools.listings, writer)
        do {
            let run = try await compacting(writer)
            guard !request.endsWithCompaction else { return await run.endWithoutModel(writer) }
            var loop = ResponseLoop(run.setting, from: try await run.readyOpening(), writer: writer)
            return await run.end(&loop, writer)
        } catch {
            return await fail(error, usage: Usage(), writer)
        }
    }

    private func end(_ loop: inout ResponseLoop, _ writer: ResponseWriter) async -> Outcome? {
        do {
            let ending = try await loop.run()
            setting.repairCounts.add(loop.repairs)
            if !loop.repairs.isEmpty {
                Logger.current.debug("Model output was repaired", metadata: ["repairs": "\(loop.repairs)"])
            }
            let showsRepairs = setting.request.included.contains("harmonium:repairs")
            let response = await writer.end(
                ending,
                usage: setting.usage + loop.usage,
                repairs: showsRepairs ? loop.repairs : nil
            )
            let past = Conversation.Past(
                messages: setting.conversation.dialog + loop.messages,
                listedLabels: setting.conversation.listedLabels.union(setting.tools.listings.map(\.label)),
                callees: loop.handedOut,
                session: setting.session.endsWithConnection ? nil : setting.session.id
            )
            return Outcome(response: response, failure: nil, past: past, prompt: loop.prompt)
        } catch {
            return await fail(error, usage: setting.usage + loop.usage, writer)
        }
    }

    /// Ends a response that only keeps its input.
    private func endWithoutModel(_ writer: ResponseWriter) async -> Outcome {
        let past = Conversation.Past(
            messages: setting.conversation.dialog,
            listedLabels: setting.conversation.listedLabels,
            session: setting.session.endsWithConnection ? nil : setting.session.id
        )
        return Outcome(response: await writer.end(.completed, usage: setting.usage), failure: nil, past: past)
    }

    private func fail(_ error: any Error, usage: Usage, _ writer: ResponseWriter) async -> Outcome? {
        guard !Task.isCancelled, !(error is CancellationError) else {
            // For a client that is still there, as when the daemon stops.
            _ = await writer.end(.failed(message: "The response was cancelled before it had ended."), usage: usage)
            return nil
        }
        let failure = Self.failure(of: error)
        let response = await writer.end(.failed(message: failure.message), usage: usage)
        return Outcome(response: response, failure: failure, past: Conversation.Past())
    }

    /// What a client reads about an error, which the log has.
    static func failure(of error: any Error) -> ResponseError {
        if let error = error as? ResponseError { return error }
        if let error = error as? EngineError {
            Logger.current.warning("Engine failed", metadata: ["error": "\(error)"])
            return ResponseError(.server, code: error.code.rawValue, error.description)
        }
        Logger.current.error("Response failed", metadata: ["error": "\(error)"])
        return ResponseError(.server, code: "server_error", "The response could not be made. Try again.")
    }

    /// Shows the tools of MCP servers, those that the client has not been shown before.
    private func list(_ listings: [ToolPlan.Listing], _ writer: ResponseWriter) async {
        for listing in listings where !setting.conversation.listedLabels.contains(listing.label) {
            var item: JSONObject = [
                "id": .string(ItemID.make("mcpl")), "type": "mcp_list_tools", "server_label": .string(listing.label),
                "tools": [],
            ]
            let index = await writer.add(item)
            await writer.event("response.mcp_list_tools.in_progress", of: index)
            await writer.event("response.mcp_list_tools.completed", of: index)
            item["tools"] = .array(listing.tools)
            await writer.finish(item, at: index)
        }
    }
}

/// What bounds a response.
public struct ResponseLimits: Sendable {
    /// How long a prompt and what is sampled after it may be together, in tokens; 131,072 by default, as gpt-oss has it.
    public var contextTokensMax = 131_072
    /// How many responses are kept for `previous_response_id`; the oldest make room.
    public var storedMax = 1000
    /// How much the kept responses may take together, in bytes of JSON.
    public var storedBytesMax = 256 << 20
    /// How much the latest responses of all sockets may take together, in bytes; what has no room cannot be continued there.
    public var chainedBytesMax = 256 << 20

    /// The defaults.
    public init() {}
}
