import AsyncHTTPClient
import Foundation
import JSON
import MCP
import NIOCore
import NIOHTTP1
import Testing

extension EndToEndTests {
    /// The faults of the browser that were found in the field, on a daemon and a site that sends what their servers sent.
    @Suite struct BrowserFieldTests {
        @Test(.timeLimit(.minutes(4)))
        func `pages of the field are shown as they should be`() async throws {
            let cases = try FieldCase.all("browser")
            #expect(cases.count >= 24)
            let files = FieldCase.files("browser").map { $0.path(percentEncoded: false) }
            try await withSite(of: "field_site.py", files) { port in
                try await Daemon.run(["--set", "browser.allowed=127.0.0.0/8:\(port)"]) { daemon in
                    let outcomes = try await Self.outcomes(of: cases, port: port, daemon)
                    var report = FieldReport(title: "browser.jsonl")
                    for (found, outcome) in zip(cases, outcomes) { report.add(found, outcome) }
                    report.show()
                }
            }
        }

        @Test(.enabled(if: FieldCase.areShared("browser"), "no field/browser.jsonl in HARMONIUM_SHARED"))
        func `the tables name shared pages alone`() throws {
            let known = Set(try FieldCase.shared("browser").map(\.id))
            for id in BrowserField.named { #expect(known.contains(id), "no such case: \(id)") }
        }

        /// A few at a time: Chromium loads no more pages than that at once.
        private static func outcomes(
            of cases: [FieldCase],
            port: String,
            _ daemon: Daemon
        ) async throws -> [FieldReport.Outcome] {
            try await withThrowingTaskGroup(of: (Int, FieldReport.Outcome).self) { group in
                var outcomes = cases.map { _ in FieldReport.Outcome.open }
                for (index, found) in cases.enumerated() {
                    if index >= 3, let (done, outcome) = try await group.next() { outcomes[done] = outcome }
                    group.addTask { (index, try await outcome(of: found, port: port, daemon)) }
                }
                for try await (done, outcome) in group { outcomes[done] = outcome }
                return outcomes
            }
        }

        private static func outcome(
            of found: FieldCase,
            port: String,
            _ daemon: Daemon
        ) async throws -> FieldReport.Outcome {
            if let test = BrowserField.elsewhere[found.id] { return .elsewhere(test) }
            guard let expectation = BrowserField.expectation(of: found) else {
                return BrowserField.open.contains(found.id)
                    ? .open : .wrong("neither a call nor a test is known for it")
            }
            var displays: [String] = []
            for (index, call) in BrowserField.calls(of: found).enumerated() {
                let session = BrowserField.apart.contains(found.id) ? "\(found.id)-\(index)" : found.id
                displays.append(try await daemon.browse(call.tool, call.arguments(port: port), in: session))
            }
            let shown = displays.joined(separator: "\n-----\n")
            let isRight = expectation.holds(for: shown)
            if let reason = BrowserField.judged[found.id] {
                return isRight ? .wrong("it is judged, and right all the same:\n\(shown)") : .judged(reason)
            }
            if BrowserField.open.contains(found.id) {
                return isRight ? .wrong("it is right now, and leaves the list of open ones:\n\(shown)") : .open
            }
            return isRight ? .right : .wrong(shown)
        }
    }
}

extension Daemon {
    /// What a call of a browser's tool shows.
    func browse(_ tool: String, _ arguments: JSONValue, in session: String) async throws -> String {
        var request = HTTPClientRequest(url: "\(base)/browser/mcp")
        request.method = .POST
        request.headers = [
            "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": tool, "x-session-id": session,
        ]
        let message: JSONValue = [
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": ["name": .string(tool), "arguments": arguments, "_meta": .object(Call.statelessMeta)],
        ]
        request.body = .bytes(ByteBuffer(bytes: message.encoded()))
        let response = try await http.execute(request, timeout: .minutes(2))
        guard response.status == .ok else { throw Refusal(message: "\(response.status)") }
        var events = Events(response)
        return try await Answer(from: &events).text
    }
}
