internal import FoundationEssentials
internal import WebFetch

/// What becomes of what a page asks for.
enum RequestRule: Equatable {
    /// It is the page itself, which is here already.
    case page
    /// It is fetched, if the fetcher's own rules allow it.
    case fetched
    /// It is there, and empty: nobody looks at it, but scripts wait for it.
    case empty(type: String)
    /// It is not there.
    case refused

    init(for paused: Fetch.Paused, mainFrame: String?) {
        guard paused.request.url.hasPrefix("https://") || paused.request.url.hasPrefix("http://") else {
            self = .refused
            return
        }
        switch paused.resourceType {
        case "Script", "XHR", "Fetch", "Preflight": self = .fetched
        // The document of a frame is no part of the page's.
        case "Document": self = paused.frameId == mainFrame ? .fetched : .refused
        case "Stylesheet": self = .empty(type: "text/css")
        // Images, fonts, media, manifests, beacons, reports, sockets.
        default: self = .refused
        }
    }
}

extension ResourceRequest {
    /// The request as the page at `page` made it.
    init(_ paused: Fetch.Paused, from page: String) {
        let request = paused.request
        self.init(
            url: request.url.prefix { $0 != "#" }.description,
            page: page,
            isPage: paused.resourceType == "Document",
            method: request.method,
            headers: request.headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) },
            body: (request.postDataEntries ?? []).flatMap { Array($0.bytes ?? Data()) }
        )
    }
}
