import TestSupport
import Testing

@testable import NetworkAccess

@Suite(.bounded) struct AllowListTests {
    @Test(arguments: [
        ("pypi.org:443", "pypi.org:443", true),
        ("pypi.org:443", "PyPI.org.:443", true),
        ("PYPI.ORG.:443", "pypi.org:443", true),
        ("pypi.org:443", "pypi.org:80", false),
        ("pypi.org:443", "evil-pypi.org:443", false),
        ("pypi.org:443", "pypi.org.evil.example:443", false),
        ("pypi.org", "pypi.org:80", true),
        ("pypi.org", "pypi.org:443", true),
        ("pypi.org", "pypi.org:8080", false),
        ("*.example.com:443", "a.example.com:443", true),
        ("*.example.com:443", "a.b.example.com:443", true),
        ("*.example.com:443", "example.com:443", false),
        ("*.example.com:443", "badexample.com:443", false),
        ("*:443", "anything.example:443", true),
        ("*:443", "93.184.215.14:443", true),
        ("*:443", "anything.example:80", false),
        ("*", "anything.example:80", true),
        ("93.184.215.14:443", "93.184.215.14:443", true),
        ("93.184.215.14:443", "93.184.215.15:443", false),
        ("93.184.215.14:443", "[::ffff:93.184.215.14]:443", true),
        ("10.1.2.0/24:5432", "10.1.2.77:5432", true),
        ("10.1.2.0/24:5432", "10.1.3.77:5432", false),
        ("10.1.2.0/24:5432", "db.example:5432", false),
        ("[2606:2800::/32]:443", "[2606:2800:21f::1]:443", true),
        ("[2606:2800::/32]:443", "[2606:2801:21f::1]:443", false),
        ("2606:2800::/32", "[2606:2800:21f::1]:443", true),
        ("[2606:2800::1]:443", "[2606:2800:0:0:0:0:0:1]:443", true),
        ("under_score.example:443", "under_score.example:443", true),
    ])
    func `a pattern allows what it says and no more`(pattern: String, asked: String, isAllowed: Bool) throws {
        let destination = try #require(Destination(authority: asked))
        #expect(try AllowList(allowing: [pattern]).allows(destination) == isAllowed)
        #expect(try AllowList(allowing: ["other.example:1", pattern]).allows(destination) == isAllowed)
        #expect(try !AllowList(allowing: []).allows(destination))
    }

    @Test(arguments: [
        "", " ", ":443", "pypi.org:", "pypi.org:0", "pypi.org:65536", "pypi.org:+1", "pypi.org:0443", "pypi.org:http",
        "pypi.org:*", "https://pypi.org", "pypi.org/simple", "a b:443", "pypi.org:443 ", "bücher.example:443",
        "*.*.example:443", "a.*.example:443", "*example.com:443", "*.:443", "-a.example:443", "a..example:443",
        "127.1:443", "0x7f.0.0.1:443", "2130706433:443", "010.0.0.1:443", "256.1.1.1:443", "1.2.3.4.5:443",
        "10.0.0.1/8:443", "10.0.0.0/33:443", "10.0.0.0/:443", "10.0.0.0/08:443", "example.com/8:443",
        "[::1:443", "[::1]443", "[::1]]:443", "[1.2.3.4]:443", "[fe80::1%eth0]:443", "[::ffff:10.0.0.0/104]:443",
        "user@pypi.org:443", String(repeating: "a", count: 64) + ".example:443", "line\nbreak:443",
    ])
    func `a malformed pattern is named in the error`(pattern: String) throws {
        let error = try #require(throws: AllowListError.self) {
            _ = try AllowList(allowing: ["pypi.org:443", pattern])
        }
        guard case .malformedPattern(let named, let problem) = error.code else { return }
        #expect(named == pattern.replacing("\n", with: "\\u{a}"))
        #expect(!problem.isEmpty)
        #expect("\(error)".hasPrefix("pattern `\(named)`: "))
    }

    @Test(arguments: [
        ("10.1.2.3", "10.1.2.0/24:443", true),
        ("10.1.2.3", "10.0.0.0/8:443", true),
        ("10.1.2.3", "10.1.2.3:443", true),
        ("10.1.2.3", "10.1.2.0/24:80", false),
        ("10.1.2.3", "0.0.0.0/0:443", false),
        ("10.1.2.3", "8.0.0.0/5:443", false),
        ("127.0.0.1", "127.0.0.0/8:443", true),
        ("169.254.7.7", "169.254.0.0/16:443", true),
        ("169.254.169.254", "169.254.0.0/16:443", false),
        ("169.254.169.254", "169.254.169.254:443", true),
        ("100.100.100.200", "100.64.0.0/10:443", false),
        ("fd00:ec2::254", "[fc00::/7]:443", false),
        ("fd00:ec2::254", "[fd00:ec2::254]:443", true),
        ("fd00:1::1", "[fd00:1::/32]:443", true),
        ("fd00:1::1", "[::/0]:443", false),
        ("::1", "[::1]:443", true),
        ("::1", "[::/0]:443", false),
        ("64:ff9b::7f00:1", "[64:ff9b::/96]:443", false),
        ("64:ff9b::7f00:1", "127.0.0.0/8:443", false),
        ("93.184.215.14", "pypi.org:443", true),
    ])
    func `a special address is opened by what names it`(address: String, pattern: String, isOpen: Bool) throws {
        let policy = try AllowList(allowing: [pattern, "*:443"])
        #expect(policy.accepts(try #require(IPAddress(address)), port: 443) == isOpen)
    }

    @Test func `a long list is cut in the sentence that shows it`() throws {
        let policy = try AllowList(allowing: (1...30).map { "h\($0).example:443" })
        #expect(policy.summary.hasSuffix("h20.example:443 and 10 more"))
        #expect(try AllowList(allowing: []).summary == "nothing outside")
    }
}
