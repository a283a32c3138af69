internal import Harmony
public import JSON
public import MCP
public import Tokenizer
internal import ToolLoop

/// OpenAI's Responses API over an engine and our tools.
public struct ResponseGateway: Sendable {
    /// The model that the engine has.
    public var model: String { engine.model }

    private let engine: any Engine
    private let namespaces: [any ToolNamespace]
    private let renderer: Renderer
    private let limits: ResponseLimits
    private let warmUp: PrefixWarmUp?
    private let store: ResponseStore
    private let chains: ChainBudget
    private let repairs = RepairCounts()
    private let now: @Sendable () -> Int

    /// How often what the model wrote was repaired, by the code of the repair.
    public var repairCounts: [String: Int] { repairs.all }

    /// A gateway.
    ///
    /// - Parameters:
    ///   - namespaces: The tools that requests may declare.
    ///   - warmUp: What has the engine compute a tool's output while the tool runs; nil for none.
    ///   - now: The time in seconds since 1970.
    public init(
        engine: any Engine,
        namespaces: [any ToolNamespace],
        encoding: Encoding,
        limits: ResponseLimits = ResponseLimits(),
        warmUp: PrefixWarmUp? = nil,
        now: @escaping @Sendable () -> Int
    ) {
        self.engine = engine
        self.namespaces = namespaces
        renderer = Renderer(encoding: encoding)
        self.limits = limits
        self.warmUp = warmUp
        store = ResponseStore(limits)
        chains = ChainBudget(bytesMax: limits.chainedBytesMax)
        self.now = now
    }

    /// Reads a request, and readies its response.
    ///
    /// - Parameters:
    ///   - session: The session that the client named; nil for one of the conversation's own, which lasts as long as
    ///     its responses are stored.
    ///   - chain: What the responses of one socket have in common; nil for one that stands alone.
    /// - Throws: ``ResponseError``.
    public func response(
        to body: JSONValue,
        session: SessionKey?,
        client: String,
        in chain: ResponseChain? = nil
    ) throws(ResponseError) -> ResponseRun {
        do throws(ResponseError) {
            return try readied(body, session: session, client: client, in: chain)
        } catch {
            chain?.drop(body["previous_response_id"]?.string)
            throw error
        }
    }

    /// Reads a request to compact a conversation, which ``ResponseRun/compacted()`` carries out.
    ///
    /// - Throws: ``ResponseError``.
    public func compaction(of body: JSONValue, client: String) throws(ResponseError) -> ResponseRun {
        guard body["model"]?.string != nil else { throw .missingParameter("model") }
        var members: JSONObject = ["store": false, "input": []]
        for name in ["model", "input", "instructions", "previous_response_id"] {
            guard let value = body[name], !value.isNull else { continue }
            members[name] = value
        }
        return try response(to: .object(members), session: nil, client: client)
    }

    private func readied(
        _ body: JSONValue,
        session: SessionKey?,
        client: String,
        in chain: ResponseChain?
    ) throws(ResponseError) -> ResponseRun {
        let request = try ResponseRequest(body, served: Set(namespaces.map(\.name)))
        if let model = request.model, model != engine.model {
            throw ResponseError(
                .notFound,
                code: "model_not_found",
                parameter: "model",
                "There is no model `\(model.prefix(200))` here; there is `\(engine.model)`."
            )
        }
        let latest = request.previousID.flatMap { chain?.latest($0) }
        let past = if let latest { latest.past } else { try past(of: request) }
        let tools = ToolPlan(for: request, among: namespaces)
        let conversation = try Conversation(request, after: past, tools: tools, today: CivilDate(now()).description)
        let shared = past.session == nil ? chain?.session : nil
        let session = session ?? shared ?? own(past, request, client: client)
        let setting = ResponseRun.Setting(
            request: request,
            engine: engine,
            tools: tools,
            conversation: conversation,
            growing: latest?.growing(into: conversation),
            renderer: renderer,
            session: session,
            limits: limits,
            warmUp: warmUp,
            citedPages: CitedPages(namespaces, of: session),
            repairCounts: repairs
        )
        return ResponseRun(setting, id: ItemID.make("resp"), now: now)
    }

    /// Keeps a response that has ended, if the client wants it to be, and ends what only it needed.
    public func finish(_ run: ResponseRun, _ outcome: ResponseRun.Outcome?, in chain: ResponseChain? = nil) async {
        chain?.add(run, outcome)
        if let outcome, outcome.failure == nil, run.request.isStored {
            let bytes = outcome.response.encoded().count + JSONValue.array(run.request.input).encoded().count
            store.keep(
                run.id,
                ResponseStore.Entry(
                    response: outcome.response,
                    input: run.request.input,
                    past: outcome.past,
                    bytes: bytes
                )
            )
        }
        guard run.session.endsWithConnection, chain == nil else { return }
        for namespace in namespaces { await namespace.cleanUp(run.session) }
    }

    /// What the responses of one socket have in common.
    ///
    /// - Parameter session: The session that the client named; nil for one that ends with the chain.
    public func chain(session: SessionKey?, client: String) -> ResponseChain {
        ResponseChain(session: session, client: client, budget: chains)
    }

    /// Ends what only the responses of a chain needed.
    public func end(_ chain: ResponseChain) async {
        for namespace in namespaces { await namespace.cleanUp(chain.session) }
    }

    /// A response that was stored.
    ///
    /// - Throws: ``ResponseError`` if it is not there.
    public func stored(_ id: String) throws(ResponseError) -> JSONValue { try entry(id).response }

    /// What a stored response was asked with, as a list.
    ///
    /// - Throws: ``ResponseError`` if it is not there.
    public func inputItems(of id: String) throws(ResponseError) -> JSONValue {
        let items = try entry(id).input
        return [
            "object": "list", "data": .array(items), "has_more": false,
            "first_id": items.first?["id"] ?? .null, "last_id": items.last?["id"] ?? .null,
        ]
    }

    /// Deletes a stored response.
    ///
    /// - Throws: ``ResponseError`` if it is not there.
    public func delete(_ id: String) throws(ResponseError) -> JSONValue {
        guard store.delete(id) else { throw .missing(id) }
        return ["id": .string(id), "object": "response.deleted", "deleted": true]
    }

    /// The models that there are, as OpenAI's API lists them.
    public var models: JSONValue {
        [
            "object": "list",
            "data": [["id": .string(engine.model), "object": "model", "created": 0, "owned_by": "harmonium"]],
        ]
    }

    private func entry(_ id: String) throws(ResponseError) -> ResponseStore.Entry {
        guard let entry = store[id] else { throw .missing(id) }
        return entry
    }

    private func past(of request: ResponseRequest) throws(ResponseError) -> Conversation.Past {
        guard let id = request.previousID else { return Conversation.Past() }
        return try entry(id).past
    }

    /// The session of a conversation, which goes on with it.
    private func own(_ past: Conversation.Past, _ request: ResponseRequest, client: String) -> SessionKey {
        SessionKey(
            id: past.session ?? ItemID.make("cntr"),
            endsWithConnection: past.session == nil && !request.isStored,
            client: client
        )
    }
}

/// A date of the Gregorian calendar, in UTC, as `2026-01-31`.
struct CivilDate: CustomStringConvertible {
    let description: String

    /// The date of a time in seconds since 1970 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    init(_ seconds: Int) {
        let days = seconds / 86_400 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let padded = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        description = "\(year)-\(padded(month))-\(padded(day))"
    }
}
