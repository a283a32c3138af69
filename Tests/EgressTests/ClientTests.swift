import Foundation
import Glibc
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import Egress

/// The clients that sessions use, through a proxy on a listening socket that was handed over.
@Suite(.bounded) struct ClientTests {
    @Test(arguments: [
        "import urllib.request as u; print(u.urlopen('http://pub.example:P/x').read().decode())",
        "import urllib.request as u; print(u.urlopen('http://pub.example:P/x', data=b'b' * 300000).read().decode())",
        "import requests; s = requests.Session(); [s.get('http://pub.example:P/') for _ in range(3)]; print(s.get('http://pub.example:P/x').text)",
        "import requests; print(requests.post('http://pub.example:P/x', data=iter([b'a', b'b'])).text)",
        """
        import http.client as h; c = h.HTTPConnection('127.0.0.1', PROXY); c.set_tunnel('pub.example', P)
        c.request('GET', '/x'); print(c.getresponse().read().decode())
        """,
        """
        import requests
        try: requests.get('https://evil.example/')
        except requests.exceptions.ProxyError as e: print('/x' if 'may reach pub.example' in str(e) else e)
        """,
        "import requests; r = requests.get('http://evil.example/'); print('/x' if r.status_code == 403 and 'may reach' in r.text else r.text)",
        "import subprocess as s; print(s.run(['curl', '-sS', 'http://pub.example:P/x'], stdout=-1).stdout.decode())",
        "import subprocess as s; print(s.run(['curl', '-sSp', 'http://pub.example:P/x'], stdout=-1).stdout.decode())",
    ])
    func `a client gets what it asks for`(script: String) async throws {
        let records = Records()
        try await withHost(pathOf) { hostPort in
            let patterns = ["pub.example:\(hostPort)", "127.0.0.0/8:\(hostPort)"]
            let proxy = try proxy(allowing: patterns)({ records.add($0) })
            let (descriptor, port) = try await listeningSocket()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await proxy.serve(listeningDescriptor: descriptor, session: "s-3") }
                let text = script.replacing("PROXY", with: "\(port)").replacing("P/", with: "\(hostPort)/")
                    .replacing(", P)", with: ", \(hostPort))")
                #expect(try await python(text, proxyPort: port) == "/x\n")
                await records.wait(for: 1)
                group.cancelAll()
                try await group.waitForAll()
            }
        }
        #expect(!records.all.isEmpty)
        #expect(records.all.allSatisfy { $0.reason == .completed || $0.reason == .notAllowed })
    }

    /// Answers every request, once it is whole, with its path.
    private let pathOf: @Sendable (Inbound, Outbound) async throws -> Void = { inbound, outbound in
        var reader = ByteReader(inbound)
        let head = try #require(await reader.head(bytesMax: 1 << 16))
        let lines = head[...].splitLines()
        let fields = try #require(HeaderFields(lines: lines.dropFirst()))
        let framing = try #require(BodyFraming(fields))
        var body = BodyScanner(framing == .untilClose ? .none : framing)
        while !body.isDone, let buffer = try await reader.next() { _ = try body.scan(buffer.readableBytesView) }
        let path = String(decoding: lines[0].split(separator: 0x20)[1], as: UTF8.self)
        try await outbound.write(
            ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: \(path.utf8.count)\r\n\r\n\(path)")
        )
        while try await reader.next() != nil {}
    }

    /// A socket as the supervisor makes it, but for the address, which listening without one leaves to the kernel.
    private func listeningSocket() async throws -> (descriptor: CInt, port: Int) {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0 && listen(descriptor, 16) == 0)
        let probe = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .withBoundSocket(dup(descriptor)).get()
        let port = try #require(probe.localAddress?.port)
        try await probe.close()
        return (descriptor, port)
    }

    private func python(_ script: String, proxyPort: Int) async throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = ["-c", script]
        let url = "http://127.0.0.1:\(proxyPort)"
        process.environment = [
            "PATH": "/usr/bin:/bin", "http_proxy": url, "https_proxy": url, "all_proxy": url, "HOME": "/nonexistent",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { _ in
                let said = output.fileHandleForReading.readDataToEndOfFile()
                continuation.resume(returning: String(decoding: said, as: UTF8.self))
            }
            do {
                try process.run()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}
