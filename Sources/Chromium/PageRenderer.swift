internal import Concurrency
package import WebFetch

/// Runs the scripts of pages in Chromium, and gives the documents that they make.
///
/// Chromium is started for the first page, serves some pages at a time and some hundred in all, and ends when no page
/// has used it for a while. It has no network: what pages ask for is fetched by the daemon, by the rules that hold for
/// every page. See `docs/browsing.md`.
package actor PageRenderer {
    private let program: ChromiumProgram
    private let fetcher: WebFetcher
    private let limits: ChromiumLimits
    private let limiter: AsyncLimiter
    private var current: Running?
    private var starting: Task<ChromiumProcess, any Error>?

    /// A Chromium and what was asked of it.
    private final class Running {
        let process: ChromiumProcess
        var pageCount = 0
        var openCount = 0
        /// Whether it serves no more pages than those that are open.
        var isRetired = false

        init(_ process: ChromiumProcess) { self.process = process }
    }

    /// A renderer whose pages get what they ask for from `fetcher`.
    package init(program: ChromiumProgram, fetcher: WebFetcher, limits: ChromiumLimits = ChromiumLimits()) {
        self.program = program
        self.fetcher = fetcher
        self.limits = limits
        limiter = AsyncLimiter(
            limit: limits.pagesMax,
            waitingMax: limits.pagesWaitingMax,
            refusal: FetchError.busy
        )
    }

    /// What the scripts of `page`, which is HTML, make of it; `fragment`, from `#` on, says which of its views.
    ///
    /// - Throws: `FetchError`, `timeout` where a script does not end, and `scripts` where there is no Chromium to run them.
    package func render(_ page: FetchedPage, fragment: String = "") async throws(FetchError) -> RenderedDocument {
        do {
            return try await limiter.withPermit { try await visit(page, fragment) }
        } catch let error as FetchError {
            throw error
        } catch PageVisitFailure.stuck {
            throw FetchError(.timeout, "a script of the page does not come to an end")
        } catch let error as ChromiumStartError {
            throw FetchError(.scripts, "the page's scripts cannot be run: \(error.reason)")
        } catch  where Task.isCancelled || error is CancellationError {
            throw FetchError(.cancelled, "the fetch was cancelled")
        } catch {
            throw FetchError(.scripts, "the page's scripts could not be run to their end")
        }
    }

    /// Ends Chromium, with its pages, and waits until it is gone.
    package func shutDown() async {
        starting?.cancel()
        guard let running = current else { return }
        retire(running)
        running.process.end()
        await running.process.waitForEnd()
    }

    private func visit(_ page: FetchedPage, _ fragment: String) async throws -> RenderedDocument {
        let running = try await running()
        running.pageCount += 1
        running.openCount += 1
        defer { leave(running) }
        do {
            let visit = PageVisit(
                devTools: running.process.devTools,
                fetcher: fetcher,
                limits: limits,
                page: page,
                fragment: fragment
            )
            guard let document = try await withTimeout(limits.visitTime, { try await visit.document() }) else {
                throw PageVisitFailure.stuck
            }
            return document
        } catch PageVisitFailure.stuck {
            // Its process may hang on for as long as Chromium does.
            retire(running)
            throw PageVisitFailure.stuck
        }
    }

    /// The Chromium that runs, or a new one.
    private func running() async throws -> Running {
        if let current, current.process.isRunning { return current }
        let start = starting ?? Task { [program, limits] in try await ChromiumProcess.start(program, limits: limits) }
        starting = start
        defer { if starting == start { starting = nil } }
        let process = try await start.value
        if let current, current.process === process { return current }
        let running = Running(process)
        current = running
        return running
    }

    private func leave(_ running: Running) {
        running.openCount -= 1
        if running.pageCount >= limits.pagesPerProcess || running.process.memoryBytes >= limits.memoryBytes {
            retire(running)
        }
        guard running.openCount == 0 else { return }
        if running.isRetired { return running.process.end() }
        let pageCount = running.pageCount
        Task {
            try await Task.sleep(for: limits.idleTime)
            endIdle(pageCount: pageCount)
        }
    }

    /// Ends what has served no page since it had served `pageCount`.
    private func endIdle(pageCount: Int) {
        guard let running = current, running.pageCount == pageCount, running.openCount == 0 else { return }
        retire(running)
        running.process.end()
    }

    private func retire(_ running: Running) {
        running.isRetired = true
        if current === running { current = nil }
    }
}
