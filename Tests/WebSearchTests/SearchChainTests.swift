import TestSupport
import Testing

@testable import WebSearch

@Suite(.bounded) struct SearchChainTests {
    private let found = SearchHit(url: "https://a.example/", title: "A", summary: "B")

    @Test func `the first who finds something is believed, and no other is asked`() async throws {
        let chain = SearchChain([
            FakeProvider("one", .failure(SearchError(.unreachable, "one cannot be reached"))),
            FakeProvider("two", .success([])),
            FakeProvider("three", .success([found])),
            FakeProvider("four", nil),
        ])
        #expect(try await chain.search("a", count: 3) == [found])
    }

    @Test func `where all fail, each is heard`() async throws {
        let silent = FakeProvider("two", nil)
        let chain = SearchChain(
            [FakeProvider("one", .failure(SearchError(.missingKey, "one needs a key: set ONE"))), silent],
            deadline: .seconds(3),
            // Time passes only for the one that does not answer.
            sleep: { _ in
                for await _ in silent.asked { return }
                throw CancellationError()
            }
        )
        let error = await #expect(throws: SearchError.self) { try await chain.search("a", count: 3) }
        #expect(error?.code == .noneAnswered)
        #expect(
            error?.message
                == "no search provider answered: one needs a key: set ONE; two took longer than 3.0 seconds"
        )
    }

    @Test func `where nothing was found, those that failed are heard`() async throws {
        let chain = SearchChain([
            FakeProvider("one", .success([])), FakeProvider("two", .failure(SearchError(.timedOut, "two is late"))),
        ])
        let error = await #expect(throws: SearchError.self) { try await chain.search("a", count: 3) }
        #expect(error?.message == "one found nothing; two is late")
        // The control: where none failed, nothing is what there is.
        #expect(try await SearchChain([FakeProvider("one", .success([]))]).search("a", count: 3).isEmpty)
    }

    @Test func `one alone speaks for itself`() async throws {
        let chain = SearchChain([FakeProvider("one", .failure(SearchError(.forbidden, "one refuses")))])
        let error = await #expect(throws: SearchError.self) { try await chain.search("a", count: 3) }
        #expect(error?.code == .forbidden)
    }

    @Test func `no other provider is asked once the caller gave up`() async throws {
        let chain = SearchChain([FakeProvider("one", nil), FakeProvider("two", .success([found]))])
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                let error = await #expect(throws: SearchError.self) { try await chain.search("a", count: 3) }
                #expect(error?.code == .cancelled)
            }
            group.cancelAll()
        }
    }
}

/// Answers what it was made with, or never.
private struct FakeProvider: SearchProvider {
    let name: String
    let answer: Result<[SearchHit], SearchError>?
    /// Has an element once the provider was asked that never answers.
    let asked: AsyncStream<Void>
    private let hasBeenAsked: AsyncStream<Void>.Continuation

    init(_ name: String, _ answer: Result<[SearchHit], SearchError>?) {
        self.name = name
        self.answer = answer
        (asked, hasBeenAsked) = AsyncStream.makeStream()
    }

    func search(_ query: String, count: Int) async throws(SearchError) -> [SearchHit] {
        if let answer { return try answer.get() }
        hasBeenAsked.yield()
        let (never, _) = AsyncStream.makeStream(of: Void.self)
        for await _ in never {}
        throw SearchError(.cancelled, "given up")
    }
}
