import Glibc
import JSON
import MCP
import Testing

extension EndToEndTests {
    /// The abuses of container tools, through a daemon as clients reach it, judged from inside and outside.
    @Suite(
        .daemon("--set", "server.tools=container", limit: .seconds(900))
    )
    struct ContainerAttackTests {
        @Test(arguments: ContainerAttack.all)
        func `a known attack on containers is warded off`(attack: ContainerAttack) async throws {
            try await AttackTrial().carryOut(attack)
        }

        @Test func `the package's own cases are all read, with controls`() {
            let ids = Set(ContainerAttack.own.map(\.id))
            #expect(ids.count >= 58)
            #expect(ids.count == ContainerAttack.own.count)
            #expect(ids.filter { $0.hasPrefix("own-control-") }.count >= 6)
        }

        @Test(.enabled(if: !ContainerAttack.shared.isEmpty, "no attacks/container.json in HARMONIUM_SHARED"))
        func `every shared case is carried out, and every deviation is of one`() {
            let ids = Set(ContainerAttack.shared.map(\.id))
            #expect(ids.count >= 63)
            #expect(Set(AttackTrial.deviations.keys).subtracting(ids) == [])
        }
    }

    /// The same where the daemon is an ordinary user's: without control groups, and with one user in each session.
    @Suite(
        .daemon("--set", "server.tools=container", asUser: 1234, limit: .seconds(900)),
        .enabled(if: geteuid() == 0, "it takes root to be another user")
    )
    struct OrdinaryContainerAttackTests {
        @Test(arguments: ContainerAttack.all.filter { !$0.needsUsers })
        func `a known attack on containers is warded off without root's rights too`(
            attack: ContainerAttack
        ) async throws {
            try await AttackTrial(name: "ordinary container").carryOut(attack)
        }
    }
}
