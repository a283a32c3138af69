internal import JSON
internal import WebFetch

/// What becomes of what a page asks for.
enum RequestRule: Equatable {
    /// It is the page itself, which is here already.
    case page
    /// It is fetched, if the fetcher's own rules allow it.
    case fetched
    /// It is there, with next to nothing in it: what a reader does not need, but scripts wait for.
    case standIn(StandIn)
    /// It is not there.
    case refused

    init(for paused: Fetch.Paused, mainFrame: String?) {
        guard paused.url.hasPrefix("https://") || paused.url.hasPrefix("http://") else {
            self = .refused
            return
        }
        switch paused.resourceType {
        case "Script", "XHR", "Fetch", "Preflight": self = .fetched
        // The document of a frame is no part of the page's.
        case "Document": self = paused.frameID == mainFrame ? .fetched : .refused
        case "Stylesheet": self = .standIn(.styleSheet)
        case "Image": self = .standIn(.image)
        // Fonts, media, manifests, beacons, reports, sockets.
        default: self = .refused
        }
    }
}

/// What a page gets in place of something that is not fetched.
enum StandIn: Equatable {
    case styleSheet
    /// One transparent pixel.
    case image

    var type: String {
        switch self {
        case .styleSheet: "text/css"
        case .image: "image/gif"
        }
    }

    var body: [UInt8] {
        switch self {
        case .styleSheet: []
        case .image: [UInt8](base64: "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7") ?? []
        }
    }
}

extension ResourceRequest {
    /// The request as the page at `page` made it.
    init(_ paused: Fetch.Paused, from page: String) {
        self.init(
            url: paused.url.prefix { $0 != "#" }.description,
            page: page,
            isPage: paused.resourceType == "Document",
            method: paused.method,
            headers: paused.headers.sorted { $0.name < $1.name },
            body: paused.body
        )
    }
}
