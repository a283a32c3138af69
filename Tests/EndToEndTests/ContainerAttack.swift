import AsyncHTTPClient
import Foundation
import JSON
import MCP
import NIOCore
import NIOHTTP1
import Testing

/// An abuse of the container tool: its calls and what is safe for them to come to.
///
/// `Attacks/container.jsonl` has the package's own, one a line, each group with a control; `attacks/container.json` of
/// the folder that `HARMONIUM_SHARED` names may have more. In `call`, `@REPEAT:C:N` stands for N characters C. `needs` may be
/// `users`, where it takes a session with several of them. `expect` is what ``AttackOutcome/problems(_:but:)`` looks for, with
/// `host` for what is checked from outside.
struct ContainerAttack: CustomTestStringConvertible, Sendable {
    let id: String
    let title: String
    let calls: [(tool: String, arguments: JSONObject)]
    let expected: JSONObject
    /// Whether it is one where a session has several users.
    let needsUsers: Bool

    var testDescription: String { id }

    static let all = own + shared

    /// The package's own.
    static let own: [ContainerAttack] = {
        let file = Program.packageRoot.appending(path: "Tests/EndToEndTests/Attacks/container.jsonl")
        let lines = (try? Data(contentsOf: file))?.split(separator: UInt8(ascii: "\n")) ?? []
        return lines.compactMap { line in (try? JSONValue(parsing: Array(line))).flatMap(ContainerAttack.init) }
    }()

    /// Those of the shared folder; none where it is not there.
    static let shared: [ContainerAttack] = {
        let file = FieldCase.sharedFolder.appending(path: "attacks/container.json")
        guard let bytes = try? Data(contentsOf: file), let list = try? JSONValue(parsing: Array(bytes)) else {
            return []
        }
        return (list.array ?? []).compactMap(ContainerAttack.init)
    }()

    private init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let calls = json["call"]?.array, let expected = json["expect"]?.object
        else { return nil }
        self.id = id
        title = json["title"]?.string ?? ""
        self.calls = calls.map { ($0["tool"]?.string ?? "", ($0["args"]?.expanded ?? [:]).object ?? [:]) }
        self.expected = expected
        needsUsers = json["needs"] == "users"
    }

    /// What must not come to be on this machine.
    var absentFiles: [String] {
        let mark = "no_host_file:"
        return words("host").filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
    }

    func words(_ name: String) -> [String] { expected[name]?.array?.compactMap(\.string) ?? [] }
}

extension JSONValue {
    /// Itself, where `@REPEAT:C:N` stands for N characters C.
    fileprivate var expanded: JSONValue {
        switch self {
        case .string(let text):
            let parts = text.split(separator: ":")
            guard parts.count == 3, parts[0] == "@REPEAT", let count = Int(parts[2]) else { return self }
            return .string(String(repeating: String(parts[1]), count: count))
        case .array(let values): return .array(values.map(\.expanded))
        case .object(let members):
            return .object(members.reduce(into: [:]) { $0[$1.name] = $1.value.expanded })
        case .null, .bool, .integer, .unsigned, .number: return self
        }
    }
}

/// What a case came to.
struct AttackOutcome: Sendable {
    var texts: [String] = []
    /// Whether the last call was refused.
    var isRefused = false
    /// What programs get to know of the last command.
    var run: JSONValue?
    var duration = Duration.zero

    var text: String { texts.joined(separator: "\n") }

    /// What is unsafe in it, by the fields of the case.
    func problems(_ attack: ContainerAttack, but known: Set<String>) -> [String] {
        var problems: [String] = []
        problems += attack.words("contains").filter { !text.contains($0) }.map { "the output has no \($0)" }
        problems += attack.words("not_contains").filter { text.contains($0) }.map { "the output has \($0)" }
        if let codes = attack.expected["exit_in"]?.array, let code = run?["exit_code"], !codes.contains(code) {
            problems.append("the exit code is \(code)")
        }
        if attack.expected["exit_in"] != nil && run == nil { problems.append("there is no exit code") }
        if let error = attack.expected["error"]?.string, !isRefused || !text.contains(error) {
            problems.append("it is not refused with \(error)")
        }
        if let most = attack.expected["max_chars"]?.integer, texts.contains(where: { $0.count > most }) {
            problems.append("the output is longer than \(most)")
        }
        if let most = attack.expected["max_ms"]?.integer, duration > .milliseconds(most) + .seconds(4) {
            problems.append("it took \(duration)")
        }
        if attack.expected["timed_out"] == true && run?["timed_out"] != true { problems.append("it did not time out") }
        if let all = attack.expected["equals"]?.string, texts.last != all {
            problems.append("the output is not \(all)")
        }
        if let last = attack.expected["equals_last_line"]?.string, text.split(separator: "\n").last != last[...] {
            problems.append("the last line is not \(last)")
        }
        return problems.filter { problem in !known.contains { problem.contains($0) } }
    }
}

extension Daemon {
    /// Makes the calls of a case, one after the other, in a session of its own.
    func carryOut(_ attack: ContainerAttack, in session: String) async throws -> AttackOutcome {
        var outcome = AttackOutcome()
        let start = ContinuousClock.now
        for (tool, arguments) in attack.calls {
            switch tool {
            case "container.exec", "container.feed_chars":
                var call = Call(session: session, namespace: "container")
                call.tool = String(tool.dropFirst("container.".count))
                call.arguments = arguments
                let answer = try await self.call(call)
                outcome.texts.append(answer.text)
                outcome.isRefused = answer.isError
                outcome.run = answer.run ?? outcome.run
            case "file.put", "file.get": try await transfer(arguments, isPut: tool == "file.put", in: session, &outcome)
            case "session.restart":
                let call = Call(session: session, namespace: "container", tool: "cleanup_session")
                outcome.texts.append(try await self.call(call).text)
            case "sleep":
                // What the case asks for: to leave a machine alone for a while.
                let seconds = arguments["s"]?.number ?? 0
                _ = await eventually(within: .seconds(seconds)) { false }
            default: throw Refusal(message: "no way to call \(tool)")
            }
        }
        outcome.duration = ContinuousClock.now - start
        return outcome
    }

    /// A file as HTTP gives it where it is in the data directory, and otherwise as the tool that shows files does.
    private func transfer(
        _ arguments: JSONObject,
        isPut: Bool,
        in session: String,
        _ outcome: inout AttackOutcome
    ) async throws {
        let path = arguments["path"]?.string ?? ""
        let isData = path.hasPrefix("/mnt/data/")
        guard isPut || isData else {
            var call = Call(session: session, namespace: "container", tool: "open_image")
            call.arguments = ["path": .string(path)]
            let answer = try await self.call(call)
            outcome.texts.append(answer.text)
            return outcome.isRefused = answer.isError
        }
        let below = path.dropFirst("/mnt/data".count)
        var request = HTTPClientRequest(url: "\(base)/v1/sessions/\(session)/files\(below)")
        request.method = isPut ? .PUT : .GET
        if isPut { request.body = .bytes(ByteBuffer(string: arguments["data"]?.string ?? "")) }
        let response = try await http.execute(request, timeout: .seconds(30))
        outcome.texts.append(String(buffer: try await response.body.collect(upTo: 1 << 20)))
        outcome.isRefused = response.status.code >= 400
    }
}
