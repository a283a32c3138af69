internal import Egress
internal import FoundationEssentials
internal import Synchronization
internal import WebFetch

/// One page in a context of its own, from an empty tab to the document that its scripts have made of it.
struct PageVisit: Sendable {
    private let devTools: DevTools
    private let fetcher: WebFetcher
    private let limits: ChromiumLimits
    private let page: FetchedPage
    /// The URL of the page, with the view of it that is asked for.
    private let address: String
    /// Answers are held in memory several times over.
    private let turns: Turns
    private let budget: ByteBudget

    init(devTools: DevTools, fetcher: WebFetcher, limits: ChromiumLimits, page: FetchedPage, fragment: String) {
        self.devTools = devTools
        self.fetcher = fetcher
        self.limits = limits
        self.page = page
        address = page.finalURL.prefix { $0 != "#" } + fragment
        turns = Turns(insideMax: limits.requestsAtATimeMax, waitingMax: limits.requestsMax)
        budget = ByteBudget(limits.bytesMax)
    }

    /// The document, once nothing more is under way or the time is over.
    ///
    /// Throws `stuck` where a script does not come to an end.
    func document() async throws -> RenderedDocument {
        let context = try await devTools.call(
            "Target.createBrowserContext",
            Nothing(),
            as: Target.Context.self
        )
        defer { dispose(of: context) }
        let target = try await devTools.call(
            "Target.createTarget",
            Target.Create(url: "about:blank", browserContextId: context.browserContextId),
            as: Target.Created.self
        )
        let session = try await devTools.call(
            "Target.attachToTarget",
            Target.Attach(targetId: target.targetId),
            as: Target.Attached.self
        ).sessionId
        let events = await devTools.listen(to: session)
        try await prepare(session, in: context)
        let url = try await load(in: session, events)
        await devTools.leave(session)
        return RenderedDocument(url: url, html: try await read(session).html)
    }

    private func prepare(_ session: String, in context: Target.Context) async throws {
        // Whatever the page asks for stops here first.
        _ = try await devTools.call("Fetch.enable", Fetch.Enable(), in: session)
        _ = try await devTools.call("Page.enable", Nothing(), in: session)
        _ = try await devTools.call("Inspector.enable", Nothing(), in: session)
        _ = try await devTools.call(
            "Browser.setDownloadBehavior",
            Downloads.Deny(browserContextId: context.browserContextId)
        )
    }

    /// Goes to the page and answers what it asks for, until it has loaded; says where it is then.
    private func load(in session: String, _ events: AsyncStream<DevToolsEvent>) async throws -> String {
        let (news, reporter) = AsyncStream<News>.makeStream()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                for await event in events { reporter.yield(.event(event)) }
                reporter.finish()
            }
            group.addTask {
                try await Task.sleep(for: limits.loadTime)
                reporter.yield(.timeIsOver)
            }
            group.addTask {
                _ = try await devTools.call("Page.navigate", Page.Navigate(url: address), in: session)
            }
            var progress = LoadProgress(url: address, limits: limits)
            for await piece in news {
                let step = progress.take(piece)
                switch step {
                case .nothing: break
                case .loaded: return progress.url
                case .crashed: throw PageVisitFailure.crashed
                case .request, .settle, .pass, .scroll: group.addTask { await carryOut(step, in: session, reporter) }
                }
            }
            throw DevToolsFailure.closed
        }
    }

    private func carryOut(
        _ step: LoadProgress.Step,
        in session: String,
        _ reporter: AsyncStream<News>.Continuation
    ) async {
        switch step {
        case .request(let request, let rule):
            await answer(request, by: rule, in: session)
            reporter.yield(.answered)
        case .settle(let generation):
            try? await Task.sleep(for: limits.settleTime)
            reporter.yield(.settled(generation: generation))
        case .pass(let time):
            let budget = Double(time / .milliseconds(1))
            _ = await isTold("Emulation.setVirtualTimePolicy", Emulation.VirtualTime(budget: budget), in: session)
        case .scroll(let isBack): reporter.yield(.scrolled(isMoved: await scroll(isBack: isBack, in: session)))
        case .nothing, .loaded, .crashed: break
        }
    }

    private func answer(_ paused: Fetch.Paused, by rule: RequestRule, in session: String) async {
        let fulfillment: Fetch.Fulfill? =
            switch rule {
            case .page: Fetch.Fulfill(paused, type: "text/html; charset=utf-8", Data(page.text.utf8))
            case .standIn(let standIn): Fetch.Fulfill(paused, type: standIn.type, standIn.body)
            case .fetched: await fetched(paused)
            case .refused: nil
            }
        if let fulfillment, await isTold("Fetch.fulfillRequest", fulfillment, in: session) { return }
        // To `Aborted` a page that would go elsewhere stays where it is.
        let failure = Fetch.Fail(requestId: paused.requestId, errorReason: "Aborted")
        _ = await isTold("Fetch.failRequest", failure, in: session)
    }

    /// What the page asked for, if it can be had; nil for another page that is none.
    private func fetched(_ paused: Fetch.Paused) async -> Fetch.Fulfill? {
        let answer = try? await turns.take { [fetcher, page] in
            try await fetcher.resource(ResourceRequest(paused, from: page.finalURL))
        }
        guard let answer, budget.take(answer.body.count) else { return nil }
        if paused.resourceType == "Document", !(200...399).contains(answer.status) { return nil }
        return Fetch.Fulfill(
            requestId: paused.requestId,
            responseCode: answer.status,
            responseHeaders: answer.headers.map { Fetch.Header(name: $0.name, value: $0.value) },
            body: Data(answer.body)
        )
    }

    /// Says something; false where that comes too late, for the page has moved on, or cannot be said.
    private func isTold(_ method: String, _ parameters: some Encodable & Sendable, in session: String) async -> Bool {
        (try? await devTools.call(method, parameters, in: session) as Nothing) != nil
    }

    /// Scrolls what is in the middle of the screen, by a screen or back to where it begins; says whether that moved.
    private func scroll(isBack: Bool, in session: String) async -> Bool {
        let script = """
            (() => {
                let e = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
                const scrolls = e => e.scrollHeight > e.clientHeight && /auto|scroll/.test(getComputedStyle(e).overflowY);
                while (e && !scrolls(e)) e = e.parentElement;
                e ||= document.scrollingElement;
                const before = e.scrollTop;
                e.scrollTop = \(isBack ? "0" : "before + innerHeight");
                const isMoved = e.scrollTop != before;
                // What loads when it is looked at is looked for when a frame is drawn.
                return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(isMoved))));
            })()
            """
        let answer = try? await limited(to: limits.readTime) { [devTools] in
            let evaluate = Runtime.Evaluate(expression: script)
            return try await devTools.call("Runtime.evaluate", evaluate, in: session, as: Runtime.Evaluated.self)
        }
        return answer?.result.value ?? false
    }

    /// Takes the page out without asking any script.
    private func read(_ session: String) async throws -> PageSnapshot {
        let snapshot = try await limited(to: limits.readTime) { [devTools] in
            let capture = PageSnapshot.Capture()
            return try await devTools.call("DOMSnapshot.captureSnapshot", capture, in: session, as: PageSnapshot.self)
        }
        guard let snapshot else { throw PageVisitFailure.stuck }
        guard snapshot.isSound else { throw PageVisitFailure.crashed }
        return snapshot
    }

    private func dispose(of context: Target.Context) {
        // Also where this visit is cancelled.
        Task { _ = try? await devTools.call("Target.disposeBrowserContext", context) }
    }
}

/// The bytes that a page may still get.
private final class ByteBudget: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    /// Takes `count` bytes, if there are as many.
    func take(_ count: Int) -> Bool {
        left.withLock { left in
            guard count <= left else { return false }
            left -= count
            return true
        }
    }
}

/// What scripts have made of a page.
package struct RenderedDocument: Sendable {
    /// Where the page is now.
    package let url: String
    /// The document as HTML.
    package let html: String
}

enum PageVisitFailure: Error, Equatable {
    /// A script does not end, and nothing can be asked of the page any more.
    case stuck
    /// The page's process has ended.
    case crashed
}
