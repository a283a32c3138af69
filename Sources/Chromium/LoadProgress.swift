/// What happens while a page loads.
enum News: Sendable {
    case event(DevToolsEvent)
    /// A request of the page's has its answer.
    case answered
    /// Some time has passed since the page was quiet for the `generation`th time.
    case settled(generation: Int)
    case timeIsOver
}

/// How far a page has loaded, and what is to be done next.
struct LoadProgress {
    enum Step: Sendable {
        case nothing
        case request(Fetch.Paused, RequestRule)
        /// To be told when the page has been quiet for a while from now on.
        case settle(generation: Int)
        case loaded
        case crashed
    }

    /// Where the page is.
    private(set) var url: String
    private let limits: ChromiumLimits
    private var mainFrame: String?
    private var hasLoaded = false
    private var requestCount = 0
    private var underWay = 0
    private var generation = 0

    init(url: String, limits: ChromiumLimits) {
        self.url = url
        self.limits = limits
    }

    mutating func take(_ news: News) -> Step {
        switch news {
        case .event(let event): return take(event)
        case .answered:
            underWay -= 1
            return quiet()
        case .settled(let generation): return generation == self.generation && isQuiet ? .loaded : .nothing
        case .timeIsOver: return .loaded
        }
    }

    private var isQuiet: Bool { hasLoaded && underWay == 0 }

    private mutating func quiet() -> Step {
        guard isQuiet else { return .nothing }
        generation += 1
        return .settle(generation: generation)
    }

    private mutating func take(_ event: DevToolsEvent) -> Step {
        switch event.method {
        case "Fetch.requestPaused":
            guard let request = event.parameters(Fetch.Paused.self) else { return .nothing }
            return take(request)
        case "Page.loadEventFired":
            hasLoaded = true
            return quiet()
        case "Page.frameStoppedLoading":
            // The only word of it where the page has tried to go elsewhere meanwhile.
            guard event.parameters(Page.StoppedLoading.self)?.frameId == mainFrame else { break }
            hasLoaded = true
            return quiet()
        case "Page.frameNavigated":
            guard let frame = event.parameters(Page.FrameNavigated.self)?.frame, frame.parentId == nil else { break }
            move(to: frame.url)
        case "Page.navigatedWithinDocument":
            guard let place = event.parameters(Page.NavigatedWithin.self), place.frameId == mainFrame else { break }
            move(to: place.url)
        case "Inspector.targetCrashed": return .crashed
        default: break
        }
        return .nothing
    }

    private mutating func take(_ request: Fetch.Paused) -> Step {
        requestCount += 1
        underWay += 1
        generation += 1
        // What it has got is what there is to see.
        guard requestCount <= limits.requestsMax else { return .loaded }
        guard mainFrame != nil else {
            mainFrame = request.frameId
            return .request(request, .page)
        }
        return .request(request, RequestRule(for: request, mainFrame: mainFrame))
    }

    private mutating func move(to place: String) {
        // An empty document within the page's life is no place.
        if place.hasPrefix("http://") || place.hasPrefix("https://") { url = place }
    }
}
