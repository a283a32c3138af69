internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Logging
internal import Sessions

/// `/v1/sessions/{id}/commands`: commands on the machine of a session, with their input and output as they come.
struct CommandRoutes: Sendable {
    private let commands: any SessionCommands
    private let bodies: BodyReader
    private let keepAlive: Duration

    /// Runs what requests ask for with `commands`.
    init(commands: any SessionCommands, bodies: BodyReader, settings: ServerSettings) {
        self.commands = commands
        self.bodies = bodies
        keepAlive = settings.keepAlive
    }

    /// Runs a command and streams events: `started`, `output`, and at last `ended` or `error`. A client that hangs up ends it.
    func run(_ request: Request, _ context: ServerContext) async throws -> Response {
        var request = request
        let session = try SessionName.inPath(of: context)
        let command = try SessionCommand(try await json(of: &request, context))
        let use = SessionUse(
            session,
            client: context.client(of: request),
            network: request.headers[values: .sessionNetwork].last,
            image: request.headers[values: .sessionImage].last
        )
        var logger = context.logger
        logger[metadataKey: "session.id"] = "\(session)"
        return EventStream(request: request, keepAlive: keepAlive, logger: logger).response { events in
            do {
                let end = try await commands.run(command, in: use) { await events.send($0) }
                await events.send(event: "ended", end.json.encoded())
            } catch {
                Logger.current.debug("Command not carried out", metadata: ["error": "\(error)"])
                let sentence = (error as? SessionError).map(CommandRoutes.sentence) ?? "The command was cancelled."
                await events.send(event: "error", (["error": .string(sentence)] as JSONValue).encoded())
            }
        }
    }

    /// Sends a command the body as its input.
    func write(_ request: Request, _ context: ServerContext) async throws -> Response {
        var request = request
        let bytes = try await bodies.read(&request, context).bytes
        return try await send(.bytes(bytes), context)
    }

    /// Tells a command that there is no more input.
    func endInput(_ context: ServerContext) async throws -> Response { try await send(.end, context) }

    /// Gives the terminal of a command another size.
    func resize(_ request: Request, _ context: ServerContext) async throws -> Response {
        var request = request
        let size = try SessionCommand.Size(try await json(of: &request, context))
        return try await send(.resize(size), context)
    }

    /// Sends a command a signal.
    func signal(_ request: Request, _ context: ServerContext) async throws -> Response {
        var request = request
        guard let number = try await json(of: &request, context)["signal"]?.integer, (1...64).contains(number) else {
            throw Problem(.badRequest, "Name a signal by its number, such as {\"signal\": 2}.")
        }
        return try await send(.signal(UInt8(number)), context)
    }

    private func send(_ input: SessionCommandInput, _ context: ServerContext) async throws -> Response {
        let session = try SessionName.inPath(of: context)
        let number = context.parameters.get("command").flatMap { UInt32($0) }
        guard let number, await commands.send(input, to: number, in: session) else {
            throw Problem(.notFound, "There is no such command in this session, or it has ended.")
        }
        return Response(status: .noContent)
    }

    private func json(of request: inout Request, _ context: ServerContext) async throws -> JSONValue {
        let body = try await bodies.read(&request, context)
        do {
            return try await body.parsed { try JSONValue(parsing: $0) }
        } catch let error as JSONError {
            throw Problem(.badRequest, "The body is not JSON: \(error)")
        }
    }

    private static func sentence(for error: SessionError) -> String {
        switch error.code {
        case .unavailable: "No container is available right now. Try again in a few seconds."
        case .tooManySessions:
            "Too many containers are open. Try again later, or end one with DELETE /v1/sessions/NAME."
        case .tooManyWaiting, .noPlaceInTime: "Too many calls run or wait in this session. Wait for one to end."
        case .lost: "The container was lost while the command ran: its files and processes are gone."
        case .ended: "The container was ended while the command ran."
        case .networkNotOffered: "No container can reach here what x-session-network asks for."
        case .networkDiffers: "This container was started with another network, and keeps it until it ends."
        case .imageNotOffered: "No container can be started from the image that x-session-image asks for."
        case .imageDiffers: "This container was started from another image, and keeps it until it ends."
        case .callTooLong: "The command, its environment or a name in it is too long, or has a NUL character."
        }
    }
}

extension EventChannel {
    fileprivate func send(_ event: SessionCommandEvent) async {
        switch event {
        case .started(let number):
            await send(event: "started", (["command": .integer(Int(number))] as JSONValue).encoded())
        case .output(let bytes):
            await send(event: "output", (["output": .string(String(base64: bytes))] as JSONValue).encoded())
        }
    }
}

extension SessionCommandEnd {
    fileprivate var json: JSONValue {
        let (seconds, attoseconds) = duration.components
        return [
            "exit_code": .integer(exitCode), "timed_out": .bool(timedOut),
            "duration_ms": .number(Double(seconds) * 1000 + Double(attoseconds / 1_000_000_000_000) / 1000),
        ]
    }
}

extension SessionCommand {
    /// Reads the body of a request.
    fileprivate init(_ body: JSONValue) throws(Problem) {
        let words = body["cmd"]?.array?.compactMap(\.string) ?? []
        guard let program = words.first, !program.isEmpty, words.count == body["cmd"]?.array?.count else {
            throw Problem(
                .badRequest,
                "Name the command as {\"cmd\": [\"bash\", \"-lc\", \"ls -l\"]}: a list of strings, the program first."
            )
        }
        var environment: [String: String] = [:]
        for member in body["env"]?.object ?? [:] {
            guard let value = member.value.string, !member.name.isEmpty, !member.name.contains("=") else {
                throw Problem(.badRequest, "`env` has to be an object of strings, such as {\"LANG\": \"C.UTF-8\"}.")
            }
            environment[member.name] = value
        }
        let milliseconds = body["timeout_ms"]?.number
        self.init(
            words,
            directory: body["workdir"]?.string,
            environment: environment,
            user: body["user"]?.string,
            terminal: try body["terminal"].map { value throws(Problem) in try SessionCommand.Size(value) },
            timeLimit: milliseconds.flatMap { $0 > 0 ? .milliseconds(Int64(min($0, 1e9))) : nil }
        )
    }
}

extension SessionCommand.Size {
    fileprivate init(_ value: JSONValue) throws(Problem) {
        let numbers = [value["rows"], value["columns"]].map { $0?.integer.flatMap { UInt16(exactly: $0) } ?? 0 }
        guard numbers.allSatisfy({ (1...1000).contains($0) }) else {
            throw Problem(.badRequest, "A terminal has {\"rows\": 24, \"columns\": 80}, each from 1 to 1000.")
        }
        self.init(rows: numbers[0], columns: numbers[1])
    }
}
