internal import Egress
internal import FoundationEssentials
internal import WebFetch

/// One page in a context of its own, from an empty tab to the document that its scripts have made of it.
struct PageVisit: Sendable {
    let devTools: DevTools
    let fetcher: WebFetcher
    let limits: ChromiumLimits
    let page: FetchedPage

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
        return RenderedDocument(url: url, html: Noscript.removed(from: try await read(session)))
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
                _ = try await devTools.call(
                    "Page.navigate",
                    Page.Navigate(url: page.finalURL),
                    in: session,
                    as: Page.Navigated.self
                )
            }
            var progress = LoadProgress(url: page.finalURL, limits: limits)
            for await piece in news {
                let step = progress.take(piece)
                switch step {
                case .nothing: break
                case .loaded: return progress.url
                case .crashed: throw PageVisitFailure.crashed
                case .request, .dialog, .settle: group.addTask { await carryOut(step, in: session, reporter) }
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
        case .request(let request, let isPage):
            reporter.yield(.answered(bytes: await answer(request, isPage: isPage, in: session)))
        case .dialog:
            await tell("Page.handleJavaScriptDialog", Page.DialogClosing(), in: session)
        case .settle(let generation):
            try? await Task.sleep(for: limits.settleTime)
            reporter.yield(.settled(generation: generation))
        case .nothing, .loaded, .crashed: break
        }
    }

    /// Answers one request and says how many bytes the page got.
    private func answer(_ paused: Fetch.Paused, isPage: Bool, in session: String) async -> Int {
        switch isPage ? .page : RequestRule(for: paused) {
        case .page:
            let type = Fetch.Header(name: "Content-Type", value: "text/html; charset=utf-8")
            return await fulfill(paused, 200, [type], Array(page.text.utf8), in: session)
        case .empty(let type):
            return await fulfill(paused, 200, [Fetch.Header(name: "Content-Type", value: type)], [], in: session)
        case .refused:
            return await fail(paused, in: session)
        case .fetched:
            let answer: ResourceAnswer
            do throws(FetchError) {
                answer = try await fetcher.resource(ResourceRequest(paused))
            } catch {
                return await fail(paused, in: session)
            }
            let headers = answer.headers.map { Fetch.Header(name: $0.name, value: $0.value) }
            return await fulfill(paused, answer.status, headers, answer.body, in: session)
        }
    }

    private func fulfill(
        _ paused: Fetch.Paused,
        _ status: Int,
        _ headers: [Fetch.Header],
        _ body: [UInt8],
        in session: String
    ) async -> Int {
        let answer = Fetch.Fulfill(
            requestId: paused.requestId,
            responseCode: status,
            responseHeaders: headers,
            body: Data(body)
        )
        await tell("Fetch.fulfillRequest", answer, in: session)
        return body.count
    }

    /// To `Aborted` a page that would go elsewhere stays where it is.
    private func fail(_ paused: Fetch.Paused, in session: String) async -> Int {
        await tell("Fetch.failRequest", Fetch.Fail(requestId: paused.requestId, errorReason: "Aborted"), in: session)
        return 0
    }

    /// Says something that may come too late: the page has moved on, and the request is no more.
    private func tell(_ method: String, _ parameters: some Encodable & Sendable, in session: String) async {
        _ = try? await devTools.call(method, parameters, in: session)
    }

    /// Takes the document out without asking any script.
    private func read(_ session: String) async throws -> String {
        let html = try await limited(to: limits.readTime) { [devTools] in
            let root = try await devTools.call("DOM.getDocument", DOM.GetDocument(), in: session, as: DOM.Document.self)
            let node = DOM.GetOuterHTML(nodeId: root.root.nodeId)
            return try await devTools.call("DOM.getOuterHTML", node, in: session, as: DOM.OuterHTML.self).outerHTML
        }
        guard let html else { throw PageVisitFailure.stuck }
        return html
    }

    private func dispose(of context: Target.Context) {
        // Also where this visit is cancelled.
        Task { _ = try? await devTools.call("Target.disposeBrowserContext", context) }
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
