import Concurrency
import Synchronization
import TestSupport
import Testing

@testable import Sessions

@Suite(.bounded) struct SessionRegistryTests {
    private let id = SessionID("a")

    @Test func `a session is opened once, and kept from use to use`() async throws {
        let tool = FakeTool()
        let registry = tool.registry(SessionLimits(waitingMax: 100))
        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await registry.use(SessionUse(id)) { state, _ in state.number } } }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(numbers == [1])
        #expect(try await registry.use(SessionUse(SessionID("b"))) { state, _ in state.number } == 2)
        #expect(await registry.sessionCount == 2)
    }

    @Test func `sessions of the same name belong to their tenants`() async throws {
        let registry = FakeTool().registry()
        let tenants = ["", "one", "other"]
        for (index, tenant) in tenants.enumerated() {
            let use = SessionUse(SessionID("a", tenant: tenant))
            #expect(try await registry.use(use) { state, _ in state.number } == index + 1)
        }
        #expect(await registry.end(SessionID("a", tenant: "one")))
        #expect(Set(await registry.summaries.map(\.id.tenant)) == ["", "other"])
    }

    @Test func `calls on a session come one after the other, and a call too many is refused`() async throws {
        let registry = FakeTool().registry(SessionLimits(waitingMax: 1))
        let refused = try await registry.use(SessionUse(id)) { _, _ in
            let second = Task { try await registry.use(SessionUse(id)) { _, _ in true } }
            while await registry.callCount < 2 { await Task.yield() }
            await Self.untilWaiting(1, in: registry, id)
            let error = await #expect(throws: SessionError.self) { try await registry.use(SessionUse(id)) { _, _ in } }
            return (error?.code, second)
        }
        #expect(refused.0 == .tooManyWaiting)
        #expect(try await refused.1.value)
        #expect(await registry.callCount == 0)
    }

    @Test func `a session that is lost is opened again, and the loss is reported once`() async throws {
        let tool = FakeTool()
        let registry = tool.registry()
        let state = try await registry.use(SessionUse(id)) { state, _ in state }
        await state.lose()
        let losses = try await Self.losses(of: id, in: registry, uses: 2)
        #expect(losses == [.lost, nil])
        #expect(tool.opened.withLock { $0 } == 2)
    }

    @Test func `a session whose end was not heard of is lost too, and uses side by side open it once`() async throws {
        let tool = FakeTool()
        let registry = tool.registry(SessionLimits(callsMax: 8))
        try await registry.use(SessionUse(id)) { state, _ in state.close() }
        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { try await registry.use(SessionUse(id)) { state, _ in state.number } } }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(numbers == [2])
        try await registry.use(SessionUse(id)) { state, _ in state.close() }
        #expect(try await Self.losses(of: id, in: registry, uses: 2) == [.lost, nil])
    }

    @Test func `what held nothing, or never began, has nothing to lose`() async throws {
        let tool = FakeTool()
        let registry = tool.registry()
        let empty = try await registry.use(SessionUse(id, bringsContent: false)) { state, _ in state }
        await empty.lose()
        #expect(try await Self.losses(of: id, in: registry, uses: 1) == [nil])

        let other = SessionID("other")
        let late = try await registry.use(SessionUse(other)) { state, _ in state }
        late.begun.withLock { $0 = false }
        await late.lose()
        #expect(try await Self.losses(of: other, in: registry, uses: 1) == [nil])
    }

    @Test func `an idle session expires, but not one that is used`() async throws {
        let registry = FakeTool().registry(SessionLimits(idle: .seconds(10)))
        let state = try await registry.use(SessionUse(id)) { state, _ in state }
        await registry.expire(at: .now + .seconds(9))
        #expect(state.isOpen)
        let stayed = try await registry.use(SessionUse(id)) { state, _ in
            await registry.expire(at: .now + .seconds(11))
            return state.isOpen
        }
        #expect(stayed)
        await registry.expire(at: .now + .seconds(11))
        #expect(!state.isOpen)
        #expect(await registry.summaries.isEmpty)
        #expect(try await Self.losses(of: id, in: registry, uses: 2) == [.expired, nil])
    }

    @Test(arguments: [(Duration.zero, true), (.seconds(60), false)])
    func `where all places are taken an idle session makes room, once it was idle for long enough`(
        roomIdle: Duration,
        makesRoom: Bool
    ) async throws {
        let registry = FakeTool().registry(SessionLimits(sessionsMax: 1, roomIdle: roomIdle))
        _ = try await registry.use(SessionUse(id)) { _, _ in }
        let second = SessionUse(SessionID("b"))
        #expect(await registry.vacancy.free == 0)
        #expect(await registry.vacancy.canMakeRoom == makesRoom)
        if makesRoom {
            try await registry.use(second) { _, _ in }
            #expect(await registry.summaries.map(\.id.name) == ["b"])
            #expect(try await Self.losses(of: id, in: registry, uses: 1) == [.madeRoom])
        } else {
            let error = await #expect(throws: SessionError.self) { try await registry.use(second) { _, _ in } }
            #expect(error?.code == .tooManySessions)
            #expect(try await Self.losses(of: id, in: registry, uses: 1) == [nil])
        }
    }

    @Test func `a session that is ended is closed, and calls that wait for it are refused`() async throws {
        let registry = FakeTool().registry()
        let (state, waiting) = try await registry.use(SessionUse(id)) { state, _ in
            let waiting = Task { try await registry.use(SessionUse(id)) { _, _ in } }
            while await registry.callCount < 2 { await Task.yield() }
            await Self.untilWaiting(1, in: registry, id)
            #expect(await registry.end(id))
            return (state, waiting)
        }
        #expect(!state.isOpen)
        let error = await #expect(throws: SessionError.self) { try await waiting.value }
        #expect(error?.code == .ended)
        #expect(await !registry.end(id))
        #expect(try await Self.losses(of: id, in: registry, uses: 1) == [nil])
    }

    @Test func `a network is chosen by the first use, and kept`() async throws {
        let registry = FakeTool().registry()
        #expect(try await registry.use(SessionUse(id, network: "wide")) { state, _ in state.network } == "wide")
        #expect(try await registry.use(SessionUse(id)) { state, _ in state.network } == "wide")
        let error = await #expect(throws: SessionError.self) {
            try await registry.use(SessionUse(id, network: "narrow")) { _, _ in }
        }
        #expect(error?.code == .networkDiffers)
        #expect(try await registry.use(SessionUse(SessionID("b"))) { state, _ in state.network } == "usual")
    }

    @Test func `a session that cannot be opened gives its place back, and keeps what it has to report`() async throws {
        let tool = FakeTool()
        let registry = tool.registry(SessionLimits(sessionsMax: 1))
        let state = try await registry.use(SessionUse(id)) { state, _ in state }
        await state.lose()
        tool.isBroken.withLock { $0 = true }
        let error = await #expect(throws: SessionError.self) { try await registry.use(SessionUse(id)) { _, _ in } }
        #expect(error?.code == .unavailable)
        #expect(await registry.vacancy.free == 1)
        tool.isBroken.withLock { $0 = false }
        #expect(try await Self.losses(of: id, in: registry, uses: 1) == [.lost])
    }

    @Test func `files reach a session beside its calls, and leave a loss for the next call`() async throws {
        let registry = FakeTool().registry()
        #expect(await registry.currentState(of: id) == nil)
        let number = try await registry.use(SessionUse(id)) { _, _ in
            try await registry.openState(for: SessionUse(id)).number
        }
        #expect(number == 1)
        await registry.currentState(of: id)?.lose()
        #expect(try await registry.openState(for: SessionUse(id)).number == 2)
        #expect(try await Self.losses(of: id, in: registry, uses: 1) == [.lost])
    }

    @Test func `a summary says how old a session is, how long idle and how busy`() async throws {
        let registry = FakeTool().registry()
        let busy = try await registry.use(SessionUse(id)) { _, _ in await registry.summaries }
        #expect(busy.map(\.id) == [id])
        #expect(busy.map(\.calls) == [1])
        #expect(busy.map(\.idle) == [.zero])
        let idle = try #require(await registry.summaries.first)
        #expect(idle.calls == 0)
        #expect(idle.idle > .zero && idle.idle <= idle.age)
    }

    private static func losses(
        of id: SessionID,
        in registry: SessionRegistry<FakeState>,
        uses: Int
    ) async throws -> [SessionLoss?] {
        var losses: [SessionLoss?] = []
        for _ in 0..<uses { losses.append(try await registry.use(SessionUse(id)) { _, loss in loss }) }
        return losses
    }

    private static func untilWaiting(_ count: Int, in registry: SessionRegistry<FakeState>, _ id: SessionID) async {
        while await registry.entries[id]?.queue.waitingCount != count { await Task.yield() }
    }
}

@Suite(.bounded) struct SessionDirectoryTests {
    @Test func `a session of several tools is one, and ends in all of them`() async throws {
        let (first, second) = (FakeTool().registry(), FakeTool().registry())
        try await first.use(SessionUse(SessionID("both"))) { _, _ in }
        try await second.use(SessionUse(SessionID("alone"))) { _, _ in }
        let directory = SessionDirectory(["python": first, "browser": second])
        let listings = try await second.use(SessionUse(SessionID("both"))) { _, _ in await directory.listings }
        #expect(listings.map(\.id.name) == ["alone", "both"])
        #expect(listings.map(\.tools) == [["browser"], ["browser", "python"]])
        #expect(listings.map(\.calls) == [0, 1])
        #expect(listings[1].idle == .zero && listings[1].age > .zero)

        #expect(await directory.end(SessionID("both")))
        #expect(await directory.listings.map(\.id.name) == ["alone"])
        #expect(await !directory.end(SessionID("both")))
    }
}

/// A tool whose sessions know which they are.
private final class FakeTool: Sendable {
    let opened = Mutex(0)
    let isBroken = Mutex(false)

    func registry(_ limits: SessionLimits = SessionLimits()) -> SessionRegistry<FakeState> {
        SessionRegistry(limits: limits, usualNetwork: "usual") { opening in
            if self.isBroken.withLock({ $0 }) { throw Broken() }
            let number = self.opened.withLock { opened in
                opened += 1
                return opened
            }
            return FakeState(number: number, network: opening.network, onChange: opening.onChange)
        }
    }

    private struct Broken: Error {}
}

private final class FakeState: SessionState, Equatable {
    let number: Int
    let network: String
    let begun = Mutex(true)
    private let onChange: @Sendable () async -> Void
    private let open = Mutex(true)

    init(number: Int, network: String, onChange: @escaping @Sendable () async -> Void) {
        self.number = number
        self.network = network
        self.onChange = onChange
    }

    var isOpen: Bool { open.withLock { $0 } }
    var hasBegun: Bool { begun.withLock { $0 } }

    func close() { open.withLock { $0 = false } }

    /// Ends as a process does that dies.
    func lose() async {
        close()
        await onChange()
    }

    static func == (first: FakeState, second: FakeState) -> Bool { first === second }
}
