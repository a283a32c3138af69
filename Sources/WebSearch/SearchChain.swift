package import Concurrency

/// Several providers, asked one after the other until one finds something.
///
/// Each has the same time. One that fails, is late or finds nothing is followed by the next.
package struct SearchChain: SearchProvider {
    package let name = "search"
    private let providers: [any SearchProvider]
    private let deadline: Duration
    private let sleep: Sleep

    /// Asks `providers` in this order, at least one, each for at most `deadline`.
    package init(
        _ providers: [any SearchProvider],
        deadline: Duration = .seconds(15),
        sleep: @escaping Sleep = { try await Task.sleep(for: $0) }
    ) {
        precondition(!providers.isEmpty, "a chain of no providers")
        self.providers = providers
        self.deadline = deadline
        self.sleep = sleep
    }

    /// The first hits there are.
    ///
    /// - Throws: `SearchError`, if there are none: what the services said that failed.
    package func search(_ query: String, count: Int) async throws(SearchError) -> [SearchHit] {
        var failures: [SearchError] = []
        var others: [String] = []
        for provider in providers {
            switch await attempt(provider, query, count: count) {
            case .success(let hits):
                if !hits.isEmpty { return hits }
                others.append("\(provider.name) found nothing")
            case .failure(let error):
                failures.append(error)
            }
            if Task.isCancelled { throw SearchError(.cancelled, "the search was given up") }
        }
        if failures.isEmpty { return [] }
        if providers.count == 1 { throw failures[0] }
        let said = (others + failures.map(\.message)).joined(separator: "; ")
        throw SearchError(.noneAnswered, others.isEmpty ? "no search provider answered: \(said)" : said)
    }

    private func attempt(
        _ provider: any SearchProvider,
        _ query: String,
        count: Int
    ) async -> Result<[SearchHit], SearchError> {
        // Throws only when it is cancelled, which the caller looks at.
        let result = try? await withTimeout(deadline, sleep: sleep) { () async -> Result<[SearchHit], SearchError> in
            do throws(SearchError) {
                return .success(try await provider.search(query, count: count))
            } catch {
                return .failure(error)
            }
        }
        return result ?? .failure(SearchError(.timedOut, "\(provider.name) took longer than \(deadline)"))
    }
}
