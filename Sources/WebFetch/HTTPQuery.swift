internal import NIOHTTP1

/// What is asked of a server beside the URL.
struct HTTPQuery: Sendable {
    let method: HTTPMethod
    /// Beside those that every request has.
    let headers: HTTPHeaders
    let body: [UInt8]

    /// A page.
    static let page = HTTPQuery(
        method: .GET,
        headers: [
            "Accept": "text/html,application/xhtml+xml,text/markdown,text/plain,application/pdf;q=0.9,*/*;q=0.5",
            // Without a word of it, many sites choose by where the address is.
            "Accept-Language": "en,*;q=0.5",
        ],
        body: []
    )
}
