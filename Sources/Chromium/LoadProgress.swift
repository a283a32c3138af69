internal import JSON

/// What happens while a page loads.
enum News: Sendable {
    case event(DevToolsEvent)
    /// A request of the page's has its answer.
    case answered
    /// Some time has passed since the page was quiet for the `generation`th time.
    case settled(generation: Int)
    /// The page was scrolled by a screen; or it was at its end.
    case scrolled(isMoved: Bool)
    case timeIsOver
}

/// How far a page has loaded, and what is to be done next.
struct LoadProgress {
    enum Step: Sendable {
        case nothing
        case request(Fetch.Paused, RequestRule)
        /// Resumed when the page has been quiet for a while from now on.
        case settle(generation: Int)
        /// The page's clock is put forward.
        case pass(Duration)
        /// The page is scrolled by a screen, or back to where it begins.
        case scroll(isBack: Bool)
        case loaded
        case crashed
    }

    /// What is waited for.
    private enum Stage {
        /// That nothing is under way for a while.
        case loading
        /// Timers.
        case timers
        /// What so many screens bring.
        case scrolling(screens: Int)
        /// What going back to the first screen brings.
        case ending
    }

    /// Where the page is.
    private(set) var url: String
    private let limits: ChromiumLimits
    private var mainFrame: String?
    private var hasLoaded = false
    private var stage = Stage.loading
    private var requestCount = 0.0
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
        case .settled(let generation):
            guard case .loading = stage, generation == self.generation, isQuiet else { return .nothing }
            stage = .timers
            return .pass(limits.timersTime)
        case .scrolled(let isMoved): return scrolled(isMoved: isMoved)
        case .timeIsOver: return .loaded
        }
    }

    private mutating func scrolled(isMoved: Bool) -> Step {
        switch stage {
        case .loading, .timers: return .nothing
        case .ending: return .pass(limits.screenTime)
        case .scrolling(let screens):
            if isMoved { return .pass(limits.screenTime) }
            guard screens > 0 else { return .loaded }
            // A list may hold what is on the screen, and nothing else.
            stage = .ending
            return .scroll(isBack: true)
        }
    }

    /// The page's clock stands still again.
    private mutating func passed() -> Step {
        switch stage {
        case .loading: return .nothing
        case .timers: stage = .scrolling(screens: 0)
        case .scrolling(let screens) where screens + 1 < limits.screensMax: stage = .scrolling(screens: screens + 1)
        case .scrolling:
            stage = .ending
            return .scroll(isBack: true)
        case .ending: return .loaded
        }
        return .scroll(isBack: false)
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
            guard let request = Fetch.Paused(event.parameters) else { return .nothing }
            return take(request)
        case "Page.loadEventFired":
            hasLoaded = true
            return quiet()
        case "Page.frameStoppedLoading":
            // The only word of it where the page has tried to go elsewhere meanwhile.
            guard event.parameters["frameId"]?.string == mainFrame else { break }
            hasLoaded = true
            return quiet()
        case "Page.frameNavigated":
            guard let frame = event.parameters["frame"], let url = frame["url"]?.string, frame["parentId"] == nil else {
                break
            }
            // The fragment has its `#`.
            move(to: url + (frame["urlFragment"]?.string ?? ""))
        case "Page.navigatedWithinDocument":
            guard event.parameters["frameId"]?.string == mainFrame else { break }
            move(to: event.parameters["url"]?.string ?? "")
        case "Emulation.virtualTimeBudgetExpired": return passed()
        case "Inspector.targetCrashed": return .crashed
        default: break
        }
        return .nothing
    }

    private mutating func take(_ request: Fetch.Paused) -> Step {
        underWay += 1
        generation += 1
        guard mainFrame != nil else {
            mainFrame = request.frameID
            return .request(request, .page)
        }
        let rule = RequestRule(for: request, mainFrame: mainFrame)
        requestCount += rule == .fetched ? 1 : 0.1
        // What it has got is what there is to see.
        return requestCount < Double(limits.requestsMax) ? .request(request, rule) : .loaded
    }

    private mutating func move(to place: String) {
        // An empty document within the page's life is no place.
        if place.hasPrefix("http://") || place.hasPrefix("https://") { url = place }
    }
}
