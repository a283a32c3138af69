internal import AsyncAlgorithms
internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Logging
internal import MCP
internal import NIOCore
internal import NIOWebSocket
internal import Responses
internal import ServiceLifecycle
internal import Synchronization

/// Responses over one WebSocket (OpenAI, "WebSocket mode"): each message asks for a response, one at a time, and each event is
/// a message.
struct ResponseSocket: Sendable {
    /// How the responses are written.
    let profile: ResponseProfile
    /// How long the socket may be open.
    let ageMax: Duration
    /// Its place among all sockets, for as long as it is open.
    let place: SocketPlaces.Place
    let gateway: ResponseGateway
    let bodies: BodyReader
    let context: ServerContext
    /// Who asks.
    let client: String
    let chain: ResponseChain

    /// What goes to the client.
    private enum Outgoing: Sendable {
        case message(ByteBuffer)
        /// The last message of a response: the next can be asked for once it is there.
        case last(ByteBuffer)
        case close(Ending)

        var text: ByteBuffer? {
            switch self {
            case .message(let text), .last(let text): text
            case .close: nil
            }
        }
    }

    private struct State {
        var isResponding = false
        /// Why the socket ends once no response is under way.
        var ending: Ending?
    }

    private enum Ending {
        case age
        case shutdown
    }

    /// The state, which the copies of this socket share.
    private final class Shared: Sendable {
        let state = Mutex(State())
    }

    private let outgoing = AsyncChannel<Outgoing>()
    private let shared = Shared()

    /// Serves until either side closes. A client that leaves ends what runs for it.
    func serve(_ messages: RequestBody, to writer: inout any ResponseBodyWriter) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                await withLogger(context.logger) { _ in await converse(messages) }
                outgoing.finish()
            }
            for await next in outgoing {
                // Before the client can know of the end: it may ask for the next response at once.
                let ending = ending(with: next)
                if let text = next.text { try await writer.write(text) }
                guard let ending else { continue }
                if ending == .age { try await writer.write(Self.text(of: Self.message(of: Self.tooOld, in: nil))) }
                context.end(ending == .age ? .normalClosure : .goingAway)
            }
        }
    }

    /// Why the socket ends after a message; nil where it goes on.
    private func ending(with next: Outgoing) -> Ending? {
        switch next {
        case .message: nil
        case .last:
            shared.state.withLock { state in
                state.isResponding = false
                return state.ending
            }
        case .close(let ending): ending
        }
    }

    private func converse(_ messages: RequestBody) async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                if (try? await Task.sleep(for: ageMax)) != nil { await end(.age) }
            }
            group.addTask {
                if (try? await gracefulShutdown()) != nil { await end(.shutdown) }
            }
            do {
                for try await message in messages {
                    guard let asked = await read(message) else { continue }
                    group.addTask { await respond(asked) }
                }
            } catch {
                Logger.current.debug("Socket broke off", metadata: ["error": "\(error)"])
            }
            group.cancelAll()
        }
        await gateway.end(chain)
    }

    /// Ends the socket, after the response that is under way.
    private func end(_ ending: Ending) async {
        let isFree = shared.state.withLock { state in
            if state.ending == nil { state.ending = ending }
            return !state.isResponding
        }
        if isFree { await outgoing.send(.close(ending)) }
    }
}

// What the client asks for.
extension ResponseSocket {
    /// A response that was asked for.
    private struct Asked: Sendable {
        let body: JSONValue
        /// The stream that its events belong to, as the client names it.
        let stream: JSONValue?
        /// What the message takes of the memory for bodies.
        let share: BodyBudget.Share
    }

    /// Reads a message; nil for one that asks for no response, or for a second one at a time, which is answered here.
    private func read(_ message: ByteBuffer) async -> Asked? {
        var stream: JSONValue?
        do {
            await context.takeMessage()
            let body = try bodies.body(Array(message.readableBytesView), of: context)
            let json = try await body.parsed { try ResponseRoutes.json($0) }
            stream = json["stream_id"]
            switch json["type"]?.string {
            case "response.create":
                try begin()
                return Asked(body: Self.request(in: json), stream: stream, share: body.share)
            case "response.steer": await refuseSteering(json)
            default:
                throw ResponseError(
                    .invalidRequest,
                    code: "invalid_value",
                    parameter: "type",
                    "`type` of a message is response.create or response.steer."
                )
            }
        } catch {
            await send(Self.message(of: error, in: stream))
        }
        return nil
    }

    private func begin() throws(ResponseError) {
        let isFree = shared.state.withLock { state in
            defer { state.isResponding = true }
            return !state.isResponding
        }
        guard !isFree else { return }
        throw ResponseError(
            .invalidRequest,
            code: "response_already_active",
            "One response at a time is made on a socket. Wait for the one that is under way, or open another socket."
        )
    }

    /// The members that a request has over HTTP too; whether it is streamed is no question here.
    private static func request(in message: JSONValue) -> JSONValue {
        var members = message.object ?? [:]
        for name in ["type", "stream_id", "event_id", "stream", "stream_options", "background"] { members[name] = nil }
        return .object(members)
    }

    private func refuseSteering(_ message: JSONValue) async {
        let error: JSONValue = [
            "type": "invalid_request_error", "code": "steering_not_supported",
            "message": "A response that is under way takes no more input here. Wait for its end, and continue it.",
        ]
        let steer: JSONValue = [
            "input": message["input"] ?? [], "previous_response_id": message["previous_response_id"] ?? "",
        ]
        await send(["type": "response.steer.failed", "sequence_number": 0, "error": error, "steer": steer])
    }

    private func send(_ message: JSONObject) async { await outgoing.send(.message(Self.text(of: message))) }
}

// How it is answered.
extension ResponseSocket {
    private static let lastEvents: Set = ["response.completed", "response.incomplete", "response.failed"]

    private func respond(_ asked: Asked) async {
        await outgoing.send(.last(Self.text(of: await lastMessage(of: asked))))
    }

    /// Carries a response out, and gives its last message, for when it is kept.
    private func lastMessage(of asked: Asked) async -> JSONObject {
        do {
            let session = chain.session.endsWithConnection ? nil : chain.session
            let run = try await CallThreads.shared.run(for: .session(chain.session.id)) {
                try await gateway.response(to: asked.body, session: session, client: client, in: chain).opened()
            }
            let last = Mutex<JSONObject>([:])
            let outcome = await CallThreads.shared.run(for: .session(run.session.id)) {
                await run.run { event in
                    let message = Self.message(profile.event(event).json, in: asked.stream)
                    guard !Self.lastEvents.contains(event.type) else { return last.withLock { $0 = message } }
                    await outgoing.send(.message(Self.text(of: message)))
                }
            }
            await gateway.finish(run, outcome, in: chain)
            return last.withLock(\.self)
        } catch {
            chain.drop(asked.body["previous_response_id"]?.string)
            return Self.message(of: error, in: asked.stream)
        }
    }

    private static func message(of error: any Error, in stream: JSONValue?) -> JSONObject {
        let answer =
            switch error {
            case let error as ResponseError: (json: error.json, status: error.status)
            case let problem as Problem: (json: problem.responseError.json, status: problem.status)
            default:
                (
                    json: ResponseError(.server, code: "server_error", "The message could not be served.").json,
                    status: HTTPResponse.Status.internalServerError
                )
            }
        let members: JSONObject = ["type": "error", "status": .integer(answer.status.code)]
        return message(members.merging(answer.json.object ?? [:]), in: stream)
    }

    private static func message(_ members: JSONObject, in stream: JSONValue?) -> JSONObject {
        var members = members
        if let stream { members["stream_id"] = stream }
        return members
    }

    private static func text(of message: JSONObject) -> ByteBuffer {
        ByteBuffer(bytes: JSONValue.object(message).encoded())
    }

    private static let tooOld = ResponseError(
        .invalidRequest,
        code: "websocket_connection_limit_reached",
        "The socket has been open for as long as one may be. Open another, and go on there."
    )
}
