internal import Concurrency
internal import JSON
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
    private let limiter: AsyncLimiter
    private let budget: ByteBudget

    init(devTools: DevTools, fetcher: WebFetcher, limits: ChromiumLimits, page: FetchedPage, fragment: String) {
        self.devTools = devTools
        self.fetcher = fetcher
        self.limits = limits
        self.page = page
        address = page.finalURL.prefix { $0 != "#" } + fragment
        limiter = AsyncLimiter(
            limit: limits.requestsAtATimeMax,
            waitingMax: limits.requestsMax,
            refusal: FetchError.busy
        )
        budget = ByteBudget(limits.bytesMax)
    }

    /// The document, once nothing more is under way or the time is over.
    ///
    /// Throws `stuck` where a script does not come to an end.
    func document() async throws -> RenderedDocument {
        let context = try await devTools.call("Target.createBrowserContext").text("browserContextId")
        defer { dispose(of: context) }
        let target = try await devTools.call(
            "Target.createTarget",
            ["url": "about:blank", "browserContextId": .string(context)]
        ).text("targetId")
        let session = try await devTools.call(
            "Target.attachToTarget",
            ["targetId": .string(target), "flatten": true]
        ).text("sessionId")
        let events = await devTools.listen(to: session)
        try await prepare(session, in: context)
        let url = try await load(in: session, events)
        await devTools.leave(session)
        return RenderedDocument(url: url, html: try await read(session).html)
    }

    private func prepare(_ session: String, in context: String) async throws {
        // Whatever the page asks for stops here first.
        try await devTools.call("Fetch.enable", ["patterns": [["urlPattern": "*"]]], in: session)
        try await devTools.call("Page.enable", in: session)
        try await devTools.call("Inspector.enable", in: session)
        try await devTools.call(
            "Browser.setDownloadBehavior",
            ["behavior": "deny", "browserContextId": .string(context)]
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
                try await devTools.call("Page.navigate", ["url": .string(address)], in: session)
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
            // Lets the page's time go forward by so many milliseconds at once, and stand still then.
            let policy: JSONObject = [
                "policy": "pauseIfNetworkFetchesPending", "budget": .number(time / .milliseconds(1)),
            ]
            _ = await succeeds("Emulation.setVirtualTimePolicy", policy, in: session)
        case .scroll(let isBack): reporter.yield(.scrolled(isMoved: await scroll(isBack: isBack, in: session)))
        case .nothing, .loaded, .crashed: break
        }
    }

    private func answer(_ paused: Fetch.Paused, by rule: RequestRule, in session: String) async {
        let fulfillment: JSONObject? =
            switch rule {
            case .page: paused.fulfilled(type: "text/html; charset=utf-8", Array(page.text.utf8))
            case .standIn(let standIn): paused.fulfilled(type: standIn.type, standIn.body)
            case .fetched: await fetched(paused)
            case .refused: nil
            }
        if let fulfillment, await succeeds("Fetch.fulfillRequest", fulfillment, in: session) { return }
        _ = await succeeds("Fetch.failRequest", paused.failed, in: session)
    }

    /// What the page asked for, if it can be had; nil for a navigation that leads to no page.
    private func fetched(_ paused: Fetch.Paused) async -> JSONObject? {
        let answer = try? await limiter.withPermit { [fetcher, page] in
            try await fetcher.resource(ResourceRequest(paused, from: page.finalURL))
        }
        guard let answer, budget.take(answer.body.count) else { return nil }
        if paused.resourceType == "Document", !(200...399).contains(answer.status) { return nil }
        return paused.fulfilled(status: answer.status, headers: answer.headers, body: answer.body)
    }

    /// Says something; false where that comes too late, for the page has moved on, or cannot be said.
    private func succeeds(_ method: String, _ parameters: JSONObject, in session: String) async -> Bool {
        (try? await devTools.call(method, parameters, in: session)) != nil
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
        let answer = try? await withTimeout(limits.readTime) { [devTools] in
            try await devTools.call(
                "Runtime.evaluate",
                ["expression": .string(script), "awaitPromise": true, "returnByValue": true, "silent": true],
                in: session
            )
        }
        return answer?["result"]?["value"]?.bool ?? false
    }

    /// Takes the page out without asking any script.
    private func read(_ session: String) async throws -> PageSnapshot {
        let answer = try await withTimeout(limits.readTime) { [devTools] in
            try await devTools.call(
                "DOMSnapshot.captureSnapshot",
                ["computedStyles": .array(PageSnapshot.styles.map { .string($0) })],
                in: session
            )
        }
        guard let answer else { throw PageVisitFailure.stuck }
        guard let snapshot = PageSnapshot(answer), snapshot.isSound else { throw PageVisitFailure.crashed }
        return snapshot
    }

    private func dispose(of context: String) {
        // Also where this visit is cancelled.
        Task { try? await devTools.call("Target.disposeBrowserContext", ["browserContextId": .string(context)]) }
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

    /// A document at `url`.
    package init(url: String, html: String) {
        self.url = url
        self.html = html
    }
}

enum PageVisitFailure: Error, Equatable {
    /// A script does not end, and nothing can be asked of the page any more.
    case stuck
    /// The page's process has ended.
    case crashed
}

extension JSONValue {
    /// The text of a member; throws `unreadable` where there is none.
    fileprivate func text(_ member: String) throws(DevToolsFailure) -> String {
        guard let text = self[member]?.string else { throw .unreadable }
        return text
    }
}
