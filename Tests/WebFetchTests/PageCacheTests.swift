import NIOHTTP1
import TestSupport
import Testing

@testable import WebFetch

@Suite(.bounded) struct PageCacheTests {
    private func page(_ text: String) -> FetchedPage {
        FetchedPage(
            requestedURL: "",
            finalURL: "",
            status: 200,
            contentType: "",
            kind: .plain,
            text: text,
            isTruncated: false,
            byteCount: text.utf8.count
        )
    }

    private func answer(_ headers: HTTPHeaders) -> HTTPAnswer {
        HTTPAnswer(status: 200, headers: headers, body: [], isTruncated: false)
    }

    @Test(
        arguments: [
            (["max-age=60"], 60), (["public", "max-age=60"], 60), (["Max-Age=\"60\""], 60),
            (["max-age=60, s-maxage=5"], 5),
            (["max-age=99999999"], 86400), ([], nil), (["public"], nil), (["max-age=0"], nil), (["max-age=-1"], nil),
            (["max-age=x"], nil), (["max-age=60, no-store"], nil), (["max-age=60", "private"], nil),
            (["no-cache, max-age=9"], nil),
            (["private=\"set-cookie\", max-age=9"], nil),
        ] as [([String], Int?)]
    )
    func `a page is fresh for as long as its server allows everybody`(control: [String], seconds: Int?) {
        let headers = HTTPHeaders(control.map { ("Cache-Control", $0) })
        #expect(PageCache.freshness(of: answer(headers)) == seconds.map { .seconds($0) })
    }

    @Test(arguments: [("0", 60), ("59", 1), ("60", nil), ("700", nil), ("-5", 60), ("x", 60)] as [(String, Int?)])
    func `what others kept it for is over`(age: String, seconds: Int?) {
        let headers: HTTPHeaders = ["Cache-Control": "max-age=60", "Age": age]
        #expect(PageCache.freshness(of: answer(headers)) == seconds.map { .seconds($0) })
    }

    @Test func `a page that is another for everybody is not kept`() {
        #expect(PageCache.freshness(of: answer(["Cache-Control": "max-age=60", "Vary": "*"])) == nil)
        #expect(PageCache.freshness(of: answer(["Cache-Control": "max-age=60", "Vary": "Accept"])) != nil)
    }

    @Test func `a page ends when its time is over, and so do its other names`() {
        let cache = PageCache(limits: FetchLimits())
        let now = ContinuousClock.now
        cache.keep(page("x"), at: "final", alias: "asked", freshness: .seconds(10), now: now)
        #expect(cache.page(at: "asked", now: now + .seconds(9))?.text == "x")
        #expect(cache.page(at: "final", now: now + .seconds(10)) == nil)
        #expect(cache.page(at: "asked", now: now) == nil)
    }

    @Test func `the oldest pages make room, and what is too large is not kept`() {
        var limits = FetchLimits()
        (limits.cachedPagesMax, limits.cachedBytesMax) = (2, 10)
        let cache = PageCache(limits: limits)
        for key in ["a", "b", "c"] { cache.keep(page("123"), at: key, alias: key, freshness: .seconds(9)) }
        #expect(cache.page(at: "a") == nil && cache.page(at: "b") != nil && cache.page(at: "c") != nil)
        cache.keep(page("12345678"), at: "d", alias: "d", freshness: .seconds(9))
        #expect(cache.page(at: "b") == nil && cache.page(at: "c") == nil && cache.page(at: "d") != nil)
        cache.keep(page("12345678901"), at: "e", alias: "e", freshness: .seconds(9))
        #expect(cache.page(at: "e") == nil && cache.page(at: "d") != nil)
        cache.keep(page("new"), at: "d", alias: "d", freshness: nil)
        #expect(cache.page(at: "d") == nil)
    }
}
