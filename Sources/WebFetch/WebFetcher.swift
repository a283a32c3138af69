internal import Concurrency
internal import NIOCore
internal import NIOHTTP1
public import NetworkAccess

/// Opens pages of the public web, and nothing else.
///
/// Every URL, that of a redirection too, is vetted before a byte is sent: its form, its scheme, its host and port, and
/// all addresses that one look-up of its name gives; the connection is made to one of those. No cookie, credential or
/// proxy is used. See `docs/browsing.md`.
public final class WebFetcher: Sendable {
    let limits: FetchLimits
    let vetting: HopVetting
    let exchange: Exchange
    private let reader: PageReader
    let limiter: AsyncLimiter
    private let hostLimiter: HostLimiter
    private let cache: PageCache
    /// Nil where sites are not asked.
    let robots: Robots?

    /// A fetcher that opens what is public and what `allowed` names, and says who it is with `userAgent`.
    ///
    /// It opens what a user asks for, and so pays no heed to `robots.txt` unless it `respectsRobots`.
    /// - Throws: NIOSSL's error, if this machine's certificates cannot be read.
    public convenience init(
        allowing allowed: AllowList,
        limits: FetchLimits = FetchLimits(),
        userAgent: String,
        respectsRobots: Bool = false
    ) throws {
        let vetting = HopVetting(
            allowed: allowed,
            resolve: { try await SystemResolver.addresses(of: $0) },
            ownAddresses: { try System.enumerateDevices().compactMap { $0.address?.ipAddress.flatMap(IPAddress.init) } }
        )
        self.init(
            vetting: vetting,
            limits: limits,
            userAgent: userAgent,
            tls: try TLS(),
            respectsRobots: respectsRobots
        )
    }

    init(vetting: HopVetting, limits: FetchLimits, userAgent: String, tls: TLS, respectsRobots: Bool = false) {
        self.limits = limits
        self.vetting = vetting
        exchange = Exchange(userAgent: userAgent, limits: limits, tls: tls)
        reader = PageReader(limits: limits)
        limiter = AsyncLimiter(
            limit: limits.fetchesMax,
            waitingMax: limits.fetchesWaitingMax,
            refusal: FetchError.busy
        )
        hostLimiter = HostLimiter(
            limit: limits.perHostMax,
            waitingMax: limits.perHostWaitingMax,
            pause: limits.perHostPause
        )
        cache = PageCache(limits: limits)
        robots = respectsRobots ? Robots(limits: limits, vetting: vetting, exchange: exchange) : nil
    }

    /// The page at `url`; a cached copy that is still fresh, unless the caller `reloads` it.
    ///
    /// - Throws: `FetchError`, with a sentence for the model; its `page` is what the server said instead, where it said
    ///   something.
    public func fetch(_ url: String, reloads: Bool = false) async throws(FetchError) -> FetchedPage {
        try await WebFetcher.explaining(url) { try await page(at: url, reloads: reloads) }
    }

    /// What `body` gives; whatever it fails with, in words, and of which URL.
    static func explaining<Value>(_ url: String, _ body: () async throws -> Value) async throws(FetchError) -> Value {
        do {
            return try await body()
        } catch {
            // What a cancelled fetch fails with is chance: whatever was closed first.
            var failure = explained(Task.isCancelled ? CancellationError() : error)
            failure.url = url
            throw failure
        }
    }

    private func page(at written: String, reloads: Bool) async throws -> FetchedPage {
        let url = try WebURL(written)
        if !reloads, let kept = cache.page(at: url.key) { return kept.asked(for: url) }
        let (found, page) = try await read(url, from: url, after: 0, by: .now + limits.totalTime)
        return cache.keep(page, at: found.url.key, alias: url.key, freshness: PageCache.freshness(of: found.answer))
    }

    /// What `url` leads to, and where a page that goes on by itself at once leads from there.
    private func read(
        _ asked: WebURL,
        from url: WebURL,
        after redirections: Int,
        by deadline: ContinuousClock.Instant
    ) async throws -> (FoundAnswer, FetchedPage) {
        let found = try await withTimeout(deadline - .now) {
            try await self.limiter.withPermit { try await self.follow(url, after: redirections, by: deadline) }
        }
        guard let found else {
            throw FetchError(.timeout, "the page did not arrive within \(limits.totalTime)")
        }
        var page = try await reader.page(from: found, asked: asked)
        guard let refresh = Refresh.find(field: found.answer.only("refresh"), in: page),
            let next = try? found.url.following(refresh.reference), next.key != found.url.key
        else { return (found, page) }
        page.onward = FetchedPage.Onward(url: next.normalized, seconds: refresh.seconds, failure: nil)
        guard refresh.isImmediate else { return (found, page) }
        do {
            guard found.redirections < limits.redirectsMax else { throw tooManyRedirections }
            return try await read(asked, from: next, after: found.redirections + 1, by: deadline)
        } catch let error as FetchError where !Task.isCancelled {
            // The page is there: better than nothing, and it may say more.
            page.onward = FetchedPage.Onward(url: next.normalized, seconds: refresh.seconds, failure: error.reason)
            return (found, page)
        }
    }

    private var tooManyRedirections: FetchError {
        FetchError(.redirects, "the page redirects more than \(limits.redirectsMax) times")
    }

    /// Goes from redirection to redirection, one host's turn after the other.
    func follow(
        _ start: WebURL,
        after count: Int,
        by deadline: ContinuousClock.Instant
    ) async throws -> FoundAnswer {
        var url = start
        var redirections = count
        while true {
            let host = url.host
            let found = try await hostLimiter.withPermit(for: "\(host)") { [url, redirections] in
                try await follow(url, after: redirections, on: host, by: deadline)
            }
            guard found.isOnward else { return found }
            (url, redirections) = (found.url, found.redirections)
        }
    }

    /// Goes on until there is a page, or another host.
    private func follow(
        _ start: WebURL,
        after count: Int,
        on host: WebHost,
        by deadline: ContinuousClock.Instant
    ) async throws -> FoundAnswer {
        var url = start
        var redirections = count
        while true {
            let addresses = try await vetting.addresses(of: url, within: limits.connectTime)
            try await robots?.check(url, by: deadline)
            let answer = try await exchange.answer(to: url, at: addresses, by: deadline)
            guard answer.isRedirection else {
                return FoundAnswer(url: url, redirections: redirections, answer: answer, isOnward: false)
            }
            url = try WebFetcher.next(after: url, answer)
            redirections += 1
            guard redirections <= limits.redirectsMax else { throw tooManyRedirections }
            if url.host != host {
                return FoundAnswer(url: url, redirections: redirections, answer: answer, isOnward: true)
            }
        }
    }

    private static func next(after url: WebURL, _ answer: HTTPAnswer) throws -> WebURL {
        guard let location = answer.only("location"), !location.isEmpty else {
            throw FetchError(.redirects, "the server redirects with status \(answer.status), but does not say where to")
        }
        do {
            return try url.following(location)
        } catch {
            throw FetchError(error.code, "the server redirects to another place, where \(error.reason)")
        }
    }

    private static func explained(_ error: any Error) -> FetchError {
        switch error {
        case let error as FetchError: error
        case is CancellationError: FetchError(.cancelled, "the fetch was cancelled")
        default: FetchError(.connection, "the page could not be fetched")
        }
    }
}

/// What a server said, and where.
struct FoundAnswer: Sendable {
    let url: WebURL
    let redirections: Int
    let answer: HTTPAnswer
    /// Whether it only says where to go next, which is `url`.
    let isOnward: Bool
}
