internal import Concurrency
internal import NIOHTTP1

/// What a page's scripts ask for.
package struct ResourceRequest: Sendable {
    /// Where, as the page says it.
    package let url: String
    /// The page that asks.
    package let page: String
    /// Whether it asks for another page, to go there.
    package let isPage: Bool
    /// The method; only those of ``methods`` are sent.
    package let method: String
    /// The fields that the page has set, in order. Those that concern the connection or a login are left out.
    package let headers: [(name: String, value: String)]
    /// What is sent along.
    package let body: [UInt8]

    /// The methods that are sent.
    package static let methods: Set<String> = ["GET", "HEAD", "OPTIONS", "POST"]
    /// How long a body may be, in bytes.
    package static let bodyBytesMax = 256 << 10

    package init(
        url: String,
        page: String,
        isPage: Bool,
        method: String,
        headers: [(name: String, value: String)],
        body: [UInt8]
    ) {
        self.url = url
        self.page = page
        self.isPage = isPage
        self.method = method
        self.headers = headers
        self.body = body
    }
}

/// What a server said to a page's script: one answer, decompressed. A redirection is an answer too.
package struct ResourceAnswer: Sendable {
    /// The status, from 100 to 999.
    package let status: Int
    /// The fields, without those that concern the connection, the compression or a login.
    package let headers: [(name: String, value: String)]
    /// Of an answer that is no success, its beginning; of a redirection, nothing.
    package let body: [UInt8]
}

extension WebFetcher {
    /// Fetches what the scripts of a page ask for, vetted as every page is; no redirection is followed.
    ///
    /// A private host that the operator allows is for who opens it: of its pages, scripts reach it too, and of no others.
    /// A name's pages only if the name is allowed, for a name can lead here one moment and there the next.
    /// Pages ask for dozens of these at once, so hosts do not get their turns; the caller that runs the scripts sets a limit.
    ///
    /// - Throws: `FetchError`, for an address that scripts may not reach, and for a request that failed.
    package func resource(_ request: ResourceRequest) async throws(FetchError) -> ResourceAnswer {
        try await WebFetcher.explaining(request.url) { try await answer(to: request) }
    }

    private func answer(to request: ResourceRequest) async throws -> ResourceAnswer {
        let url = try WebURL(request.url)
        guard ResourceRequest.methods.contains(request.method) else {
            throw FetchError(.protocolViolation, "requests with `\(request.method)` are not sent for a page")
        }
        guard request.body.count <= ResourceRequest.bodyBytesMax else {
            throw FetchError(.size, "a page may send at most \(ResourceRequest.bodyBytesMax) bytes")
        }
        let deadline = ContinuousClock.now + limits.totalTime
        let query = HTTPQuery(
            method: HTTPMethod(rawValue: request.method),
            headers: HTTPHeaders(request.headers.filter { ConnectionFields.isPassedOn($0.name) }),
            body: request.body
        )
        let isOwn = (try? WebURL(request.page)).map { $0.host == url.host && $0.port == url.port } ?? false
        let vetting = isOwn && vetting.isFixed(url) ? vetting : vetting.withoutExceptions
        let answer = try await withTimeout(limits.totalTime) { [exchange, limits, robots] in
            let addresses = try await vetting.addresses(of: url, within: limits.connectTime)
            if request.isPage { try await robots?.check(url, by: deadline) }
            return try await exchange.answer(to: url, at: addresses, by: deadline, query: query)
        }
        guard let answer else { throw FetchError(.timeout, "it did not arrive within \(limits.totalTime)") }
        let isWhole = !answer.isTruncated || !(200...299).contains(answer.status)
        guard isWhole else { throw FetchError(.size, "it is longer than \(limits.bodyBytesMax) bytes") }
        let headers = answer.headers.filter { ConnectionFields.isPassedOn($0.name) }
        return ResourceAnswer(
            status: answer.status,
            headers: headers.map { (name: $0.name, value: $0.value) },
            body: answer.body
        )
    }
}

/// The fields that belong to a connection, or to a login, and so stay on their side.
private enum ConnectionFields {
    private static let names: Set<String> = [
        "accept-encoding", "connection", "content-encoding", "content-length", "cookie", "expect", "host", "keep-alive",
        "proxy-authenticate", "proxy-authorization", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade",
        "user-agent", "www-authenticate",
    ]

    static func isPassedOn(_ name: String) -> Bool { !names.contains(name.lowercased()) }
}
