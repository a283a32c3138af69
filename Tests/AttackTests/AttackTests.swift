import TestSupport
import Testing

/// That the sandbox holds, seen from outside of it. One suite after the other: they measure and count.
@Suite(.bounded, .serialized) struct AttackTests {
    @Suite(.serialized, .worker) struct Hostile {
        @Test(arguments: HostileCells.inSessions(reaching: "none"))
        func `a hostile cell is warded off`(attack: Attack) async throws {
            try await attack.carryOut()
        }

        @Test func `what is forbidden has an allowed twin in every group`() {
            let names = Set(HostileCells.all.map(\.name))
            #expect(names.count > 110)
            for group in Set(HostileCells.all.map(HostileCells.group)) {
                #expect(names.contains("\(group)-control"), "\(group) has no control")
            }
        }
    }

    @Suite(.serialized, .worker(.loopback)) struct Loopback {
        @Test(arguments: HostileCells.inSessions(reaching: "loopback"))
        func `a hostile cell that has a loopback is warded off`(attack: Attack) async throws {
            try await attack.carryOut()
        }
    }

    @Suite(.serialized, .worker(.ordinaryUser), .enabled(if: TestWorker.isRoot, "it takes root to be another user"))
    struct OrdinaryUser {
        @Test(arguments: HostileCells.inSessions(reaching: "none", asRoot: false))
        func `a hostile cell is warded off without root's rights too`(attack: Attack) async throws {
            try await attack.carryOut()
        }
    }

    @Suite(
        .serialized,
        .worker,
        .enabled(if: KnownAttacks.areHere, "no attacks/python.json in HARMONIUM_SHARED")
    )
    struct Known {
        @Test(arguments: KnownAttacks.all)
        func `a known attack is warded off`(attack: Attack) async throws {
            try await attack.carryOut()
        }

        @Test func `every known attack has an expectation or a reason why it has none`() throws {
            let names = try Set(KnownAttacks.load().map(\.id))
            #expect(names.count >= 110)
            let expected = Set(KnownAttacks.expectations.keys)
            #expect(names.subtracting(expected).subtracting(KnownAttacks.drivenElsewhere.keys) == [])
            #expect(expected.union(KnownAttacks.drivenElsewhere.keys).subtracting(names) == [], "no such attack")
            #expect(expected.isDisjoint(with: KnownAttacks.drivenElsewhere.keys))
        }
    }
}
