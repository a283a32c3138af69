import NIOHTTP1
import TestSupport
import Testing

@testable import WebSearch

/// A service as it is asked and as it answers, by its documentation.
struct ServiceExample: CustomTestStringConvertible, Sendable {
    let service: SearchService
    let uri: String
    var key: (header: String, value: String)?
    var body = ""
    let answer: String
    let hits: [SearchHit]

    var testDescription: String { service.id }
    var method: String { body.isEmpty ? "GET" : "POST" }
}

@Suite(.bounded) struct SearchServiceTests {
    @Test(arguments: ServiceExample.all)
    func `a service is asked as it wants to be, and understood`(example: ServiceExample) async throws {
        try await withSearch(example.service, key: "k-1", answering: example.answer) { search, questions in
            let hits = try await search.search("swift & \"c++\" ü", count: 2)
            #expect(hits == example.hits)
            let asked = try #require(questions.all.first)
            #expect(questions.all.count == 1)
            #expect(asked.method == example.method)
            #expect(asked.uri == example.uri)
            #expect(asked.body == example.body)
            #expect(asked.headers.first(name: "Accept")?.hasPrefix("application/json") == true)
            #expect(asked.headers.first(name: "Accept-Encoding") == "gzip")
            if let key = example.key { #expect(asked.headers[key.header] == [key.value]) }
            #expect(asked.headers.contains { $0.value.contains("k-1") } == (example.key != nil))
        }
    }

    @Test func `every service has an example`() {
        #expect(ServiceExample.all.map(\.service.id) == SearchService.all.map(\.id))
        #expect(Set(SearchService.all.map(\.id)).count == SearchService.all.count)
    }

    @Test(arguments: ServiceExample.all)
    func `no service is asked for more than it gives`(example: ServiceExample) async throws {
        try await withSearch(example.service, key: "k-1", answering: example.answer) { search, questions in
            _ = try await search.search("a", count: 1_000_000)
            let asked = try #require(questions.all.first)
            #expect(!(asked.uri + asked.body).contains("1000000"))
        }
    }

    @Test(arguments: ServiceExample.all)
    func `what is no answer of a service is said to be none`(example: ServiceExample) async throws {
        for body in ["", "[1", "7", "null", "{\"unknown\":[]}", "<html>", String(repeating: "[", count: 100_000)] {
            try await withSearch(example.service, key: "k", answering: body) { search, _ in
                let error = await #expect(throws: SearchError.self) { try await search.search("a", count: 3) }
                #expect(error?.code == .malformed)
                #expect(error?.message == "\(example.service.name) answered with something else than its results")
            }
        }
    }

    @Test(arguments: [
        #"{"results":[]}"#, #"{"results":[null,3,"x",[],{}]}"#, #"{"results":[{"title":"no url"}]}"#,
        #"{"results":[{"url":7,"title":"a"}]}"#, #"{"results":[{"url":"javascript:alert(1)","title":"a"}]}"#,
        #"{"results":[{"url":"http://a b","title":"a"}]}"#, #"{"results":[{"url":"file:///etc/passwd"}]}"#,
    ])
    func `results that lead nowhere are left out`(body: String) async throws {
        try await withSearch(.searXNG, answering: body) { search, _ in
            let hits = try await search.search("a", count: 3)
            #expect(hits.isEmpty)
        }
    }

    @Test(arguments: [
        (SearchService.brave, #"{"type":"search","query":{"original":"a"}}"#), (.you, #"{"results":{}}"#),
        (.firecrawl, #"{"success":true,"data":{}}"#),
    ])
    func `an answer that leaves out its empty list has no results`(service: SearchService, body: String) async throws {
        try await withSearch(service, key: "k", answering: body) { search, _ in
            let hits = try await search.search("a", count: 3)
            #expect(hits.isEmpty)
        }
    }

    @Test func `titles and summaries are one line each and no longer than anybody wants`() {
        let long = String(repeating: "é", count: 5000)
        let hit = SearchHit(url: "http://a/", title: " a\n\u{0}\tb ", summary: long)
        #expect(hit.title == "a b")
        #expect(hit.summary == String(repeating: "é", count: 600) + "…")
        #expect(SearchHit(url: "http://a/", title: "\n", summary: "").title == "http://a/")
    }

    @Test func `SearXNG gets what it wants to hear from those that are no bots`() async throws {
        let body = #"{"results":[{"url":"https://a.example/","title":"A","content":"B"}]}"#
        // The checks of its own bot detection. Source: searx/botdetection, http_accept*.py and http_connection.py.
        let answer: @Sendable (Asked, Int) -> Answer? = { asked, _ in
            let types = asked.headers["Accept"].joined(separator: ",")
            let encodings = asked.headers["Accept-Encoding"].joined(separator: ",").split(separator: ",")
                .map { $0.filter { $0 != " " } }
            let isWelcome =
                types.contains("text/html") && (encodings.contains("gzip") || encodings.contains("deflate"))
                && asked.headers["Accept-Language"].contains { !$0.isEmpty } && asked.headers["Connection"] != ["close"]
            return isWelcome ? Answer(body: body) : Answer(status: .tooManyRequests)
        }
        try await withService(answer) { url, _, client in
            let search = try HTTPSearch(.searXNG, baseURL: url, client: client, deadline: .seconds(600))
            #expect(try await search.search("a", count: 3).map(\.title) == ["A"])
            // The control: another service says less, and is refused.
            let other = try HTTPSearch(.generic, baseURL: url, client: client, deadline: .seconds(600))
            let error = await #expect(throws: SearchError.self) { try await other.search("a", count: 3) }
            #expect(error?.code == .tooManyRequests(retryAfter: nil))
        }
    }

    @Test(arguments: [
        (#"[["brave","too many requests"],["ddg","CAPTCHA"]]"#, "brave (too many requests), ddg (CAPTCHA)"),
        (#"["brave"]"#, "brave"), (#"[["a\nb","x\u0000y"],[7],[],null,[""]]"#, "a b (x y)"),
    ])
    func `engines that did not answer are named where nothing was found`(engines: String, said: String) async throws {
        let body = #"{"results":[],"unresponsive_engines":\#(engines)}"#
        try await withSearch(.searXNG, answering: body) { search, _ in
            let error = await #expect(throws: SearchError.self) { try await search.search("a", count: 3) }
            #expect(error?.message == "SearXNG found nothing, and of its engines did not answer: \(said)")
        }
    }

    @Test func `what a service answers itself comes before its results`() async throws {
        let body = #"""
            {"results":[{"url":"https://a.example/1","title":"One","content":"About one"}],
             "answers":[{"answer":"42 is the &quot;answer&quot;","url":"https://c.example/"},"7",{"answer":""},{}],
             "infoboxes":[{"infobox":"Answer (book)","id":"https://d.example/","content":"A <b>book</b>","urls":[],
             "attributes":[{"label":"Author","value":"Adams"},{"label":"Image"}]}, 3]}
            """#
        let first = SearchHit(url: "https://a.example/1", title: "One", summary: "About one")
        try await withSearch(.searXNG, answering: body) { search, _ in
            let hits = try await search.search("a", count: 9)
            #expect(
                hits
                    == [
                        SearchHit(url: "https://c.example/", title: "Answer", summary: "42 is the \"answer\""),
                        SearchHit(url: "", title: "Answer", summary: "7"),
                        SearchHit(
                            url: "https://d.example/",
                            title: "Answer (book)",
                            summary: "A book · Author: Adams"
                        ), first,
                    ]
            )
        }
        let google = #"""
            {"answerBox":{"title":"T","answer":"42","link":"javascript:x"},"knowledgeGraph":{"title":"Adams",
             "type":"Author","website":"https://e.example/"},"organic":[]}
            """#
        try await withSearch(.serper, key: "k", answering: google) { search, _ in
            let hits = try await search.search("a", count: 9)
            #expect(
                hits
                    == [
                        SearchHit(url: "", title: "T", summary: "42"),
                        SearchHit(url: "https://e.example/", title: "Adams", summary: "Author"),
                    ]
            )
        }
    }

    @Test(arguments: SearchService.all.map(\.id))
    func `no service shows its markup`(id: String) async throws {
        let service = try #require(SearchService.all.first { $0.id == id })
        let example = try #require(ServiceExample.all.first { $0.service.id == id })
        let marked = "&#8217;quoted&#8217; caf&eacute; <span class='x'>span</span>"
        let body = example.answer.replacing("About one", with: marked).replacing("\"One", with: "\"&amp;One")
        try await withSearch(service, key: "k-1", answering: body) { search, _ in
            let hit = try #require(try await search.search("a", count: 1).first)
            #expect(hit.title.hasPrefix("&One"))
            #expect(hit.summary.contains("’quoted’ café span") || !body.contains(marked), "\(hit.summary)")
        }
    }

    @Test func `an old Firecrawl answers with a bare list`() async throws {
        let body = #"{"success":true,"data":[{"url":"https://a.example/","title":"A","description":"B"}]}"#
        try await withSearch(.firecrawl, answering: body) { search, questions in
            let hits = try await search.search("a", count: 3)
            #expect(hits == [SearchHit(url: "https://a.example/", title: "A", summary: "B")])
            #expect(questions.all[0].headers["Authorization"].isEmpty)
        }
    }
}

extension ServiceExample {
    private static let query = "swift%20%26%20%22c%2B%2B%22%20%C3%BC"
    private static let text = #"swift & \"c++\" ü"#
    private static let first = SearchHit(url: "https://a.example/1", title: "One", summary: "About one")
    private static let second = SearchHit(url: "https://b.example/2", title: "Two", summary: "About two")
    private static let bearer = (header: "Authorization", value: "Bearer k-1")

    static let all: [ServiceExample] = [generic, searXNG, exa, you, brave, tavily, serper, firecrawl, jina]

    private static let generic = ServiceExample(
        service: .generic,
        uri: "/",
        key: bearer,
        body: #"{"query":"\#(text)","count":2}"#,
        answer: #"""
            [{"link":"https://a.example/1","title":"One","snippet":"About one"},
             {"link":"https://b.example/2","title":"Two","snippet":"About two"},
             {"link":"https://c.example/3","title":"Three","snippet":"About three"}]
            """#,
        hits: [first, second]
    )

    private static let searXNG = ServiceExample(
        service: .searXNG,
        uri: "/search?q=\(query)&format=json",
        answer: #"""
            {"query":"q","number_of_results":0,"results":[
             {"url":"https://a.example/1","title":"One","content":"About one","engine":"x","engines":["x"],"score":1.0},
             {"url":"https://b.example/2","title":"Two","content":"About two","publishedDate":null},
             {"url":"https://c.example/3","title":"Three","content":"About three"}],
             "answers":[],"infoboxes":[],"suggestions":[],"unresponsive_engines":[["y","timeout"]]}
            """#,
        hits: [first, second]
    )

    private static let exa = ServiceExample(
        service: .exa,
        uri: "/search",
        key: ("x-api-key", "k-1"),
        body: #"{"query":"\#(text)","numResults":2,"type":"auto","contents":{"highlights":true}}"#,
        answer: #"""
            {"requestId":"r","results":[
             {"id":"i","url":"https://a.example/1","title":"One","score":0.5,"highlights":["About","one"]},
             {"id":"j","url":"https://b.example/2","title":null,"author":null,"text":"About two"}],
             "costDollars":{"total":0.005}}
            """#,
        hits: [
            SearchHit(url: first.url, title: "One", summary: "About … one"),
            SearchHit(url: second.url, title: second.url, summary: "About two"),
        ]
    )

    private static let you = ServiceExample(
        service: .you,
        uri: "/v1/search?query=\(query)&count=2",
        key: ("X-API-Key", "k-1"),
        answer: #"""
            {"results":{"web":[{"url":"https://a.example/1","title":"One","description":"d","snippets":["About","one"]}],
             "news":[{"url":"https://b.example/2","title":"Two","description":"About two"}]},"metadata":{}}
            """#,
        hits: [SearchHit(url: first.url, title: "One", summary: "About … one"), second]
    )

    private static let brave = ServiceExample(
        service: .brave,
        uri: "/res/v1/web/search?q=\(query)&count=2",
        key: ("X-Subscription-Token", "k-1"),
        answer: #"""
            {"type":"search","query":{"original":"q"},"web":{"type":"search","results":[
             {"title":"One &amp; &lt;all&gt;","url":"https://a.example/1","description":"About <strong>one</strong> a&lt;b"},
             {"title":"Two","url":"https://b.example/2","description":"About two","extra_snippets":["x"]}]}}
            """#,
        hits: [SearchHit(url: first.url, title: "One & <all>", summary: "About one a<b"), second]
    )

    private static let tavily = ServiceExample(
        service: .tavily,
        uri: "/search",
        key: bearer,
        body: #"{"query":"\#(text)","max_results":2}"#,
        answer: #"""
            {"query":"q","answer":null,"response_time":1.2,"results":[
             {"title":"One","url":"https://a.example/1","content":"About one","score":0.9,"raw_content":null},
             {"title":"Two","url":"https://b.example/2","content":"About two","score":0.8}]}
            """#,
        hits: [first, second]
    )

    private static let serper = ServiceExample(
        service: .serper,
        uri: "/search",
        key: ("X-API-KEY", "k-1"),
        body: #"{"q":"\#(text)","num":2}"#,
        answer: #"""
            {"searchParameters":{"q":"q"},"organic":[
             {"title":"One","link":"https://a.example/1","snippet":"About one","position":1},
             {"title":"Two","link":"https://b.example/2","snippet":"About two","position":2,"date":"today"}]}
            """#,
        hits: [first, second]
    )

    private static let firecrawl = ServiceExample(
        service: .firecrawl,
        uri: "/v2/search",
        key: bearer,
        body: #"{"query":"\#(text)","limit":2}"#,
        answer: #"""
            {"success":true,"data":{"web":[
             {"url":"https://a.example/1","title":"One","description":"About one"},
             {"url":"https://b.example/2","title":"Two","description":"About two"}]}}
            """#,
        hits: [first, second]
    )

    private static let jina = ServiceExample(
        service: .jina,
        uri: "/",
        key: bearer,
        body: #"{"q":"\#(text)","count":2}"#,
        answer: #"""
            {"code":200,"status":20000,"data":[
             {"title":"One","url":"https://a.example/1","description":"About one","content":"All of one"},
             {"title":"Two","url":"https://b.example/2","content":"About two"}]}
            """#,
        hits: [first, second]
    )
}
