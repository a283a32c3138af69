package import Browsing
package import WebFetch
package import WebSearch

/// Where the browser's pages come from: results of search providers, pages of the public web, and local documents.
package struct WebPages: PageSource {
    private let fetcher: WebFetcher
    private let provider: any SearchProvider
    private let index: LocalIndex?
    private let scripted: ScriptedPages

    /// Pages of the web by `fetcher`, `local://` pages out of `index`, and searches by `provider`; `scripted` says whose
    /// scripts are run.
    package init(fetcher: WebFetcher, provider: any SearchProvider, index: LocalIndex?, scripted: ScriptedPages) {
        self.scripted = scripted
        self.fetcher = fetcher
        self.provider = provider
        self.index = index
    }

    package func search(_ query: String, count: Int) async throws(PageSourceFailure) -> [SearchResult] {
        do throws(SearchError) {
            return try await provider.search(query, count: count).map {
                SearchResult(url: $0.url, title: $0.title, summary: $0.summary)
            }
        } catch {
            throw PageSourceFailure(error.message)
        }
    }

    package func fetch(_ url: String, reloads: Bool) async throws(PageSourceFailure) -> PageContent {
        url.hasPrefix("local://") ? try await local(url) : try await remote(url, reloads: reloads)
    }

    private func local(_ url: String) async throws(PageSourceFailure) -> PageContent {
        guard let index else { throw PageSourceFailure("there is no local index here") }
        do throws(SearchError) {
            let page = try await index.page(for: url)
            return PageContent(
                body: page.body,
                contentType: page.contentType,
                finalURL: page.url,
                title: page.title
            )
        } catch {
            throw PageSourceFailure(error.message)
        }
    }

    private func remote(_ url: String, reloads: Bool) async throws(PageSourceFailure) -> PageContent {
        do throws(FetchError) {
            let page = try await fetcher.fetch(url, reloads: reloads)
            let outcome = try await scripted.outcome(of: page, asked: url)
            return PageContent(
                body: outcome.html + PageRemarks.onward(of: page).utf8,
                contentType: page.kind.mediaType,
                finalURL: outcome.url,
                isTruncated: page.isTruncated,
                isRendered: outcome.isRendered
            )
        } catch {
            throw PageSourceFailure(PageRemarks.text(of: error))
        }
    }
}
