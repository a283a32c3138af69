import TestSupport
import Testing

@testable import SandboxWorker

@Suite(.bounded) struct WorkerOptionsTests {
    private static let required = ["--socket", "/s", "--sandbox", "/d", "--root", "/r"]

    @Test func `what is not given has its default, and what is given counts`() throws {
        let options = try WorkerOptions(Self.required + ["--pool", "2", "--grace-milliseconds", "5"])
        #expect(options.socket == "/s" && options.sandbox == "/d" && options.root == "/r")
        #expect(options.poolSize == 2 && options.sessionsMax == 256 && options.network == .none)
        #expect(options.limits.graceMicroseconds == 5000 && options.egressSocket == nil)
        #expect(options.user.isEmpty && options.workingDirectory.isEmpty)
        let others = try WorkerOptions(Self.required + ["--user", "a:b", "--working-directory", "/c d"])
        #expect(others.user == "a:b" && others.workingDirectory == "/c d")
    }

    @Test(arguments: [
        (["--socket", "/s", "--sandbox", "/d"], "--root is missing"),
        (["--pools", "2"], "--pools: no such option; usage:"),
        (["--pool"], "--pool: a value is missing"),
        (["--pool", "2", "--pool", "2"], "--pool: given twice"),
        (required + ["--pool", "-1"], "--pool: -1 is not a count"),
        (required + ["--network", "all"], "--network: all is not one of none, loopback, egress"),
        (required + ["--network", "egress"], "--egress-socket is missing"),
    ])
    func `a command line that makes no sense is refused with the reason`(arguments: [String], reason: String) throws {
        let error = try #require(throws: OptionsError.self) { try WorkerOptions(arguments) }
        #expect(error.description.hasPrefix(reason))
    }

    @Test(arguments: [(5, false, true, false), (6, true, true, false)])
    func `sessions share a network where Landlock has scopes, or where it is set`(
        landlock: Int,
        auto: Bool,
        always: Bool,
        never: Bool
    ) {
        #expect(NetworkSharing.auto.applies(landlock: landlock) == auto)
        #expect(NetworkSharing.always.applies(landlock: landlock) == always)
        #expect(NetworkSharing.never.applies(landlock: landlock) == never)
    }
}
