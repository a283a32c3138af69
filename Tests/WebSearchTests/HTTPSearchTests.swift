import NIOHTTP1
import TestSupport
import Testing

@testable import WebSearch

/// What is said when a service gives no results.
@Suite(.bounded) struct HTTPSearchTests {
    @Test(arguments: [
        (SearchService.exa, "Exa needs a key: set EXA_API_KEY"), (.you, "You.com needs a key: set YDC_API_KEY"),
        (.brave, "Brave needs a key: set BRAVE_API_KEY"), (.tavily, "Tavily needs a key: set TAVILY_API_KEY"),
        (.serper, "Serper needs a key: set SERPER_API_KEY"), (.jina, "Jina needs a key: set JINA_API_KEY"),
    ])
    func `without its key a service is not even asked`(service: SearchService, message: String) async throws {
        for key in [nil, ""] {
            try await withService { _, _ in
                Answer()
            } _: { url, questions, client in
                let search = try HTTPSearch(service, baseURL: url, key: key, client: client, deadline: .seconds(600))
                let error = await #expect(throws: SearchError.self) { try await search.search("a", count: 3) }
                #expect(error?.code == .missingKey)
                #expect(error?.message == message)
                #expect(questions.all.isEmpty)
            }
        }
    }

    @Test(arguments: [
        (SearchService.searXNG, "SearXNG has no address: give its base URL"),
        (.generic, "the search service has no address: give its base URL"),
    ])
    func `a service that is everywhere has to be somewhere`(service: SearchService, message: String) async throws {
        try await withService { _, _ in
            nil
        } _: { _, _, client in
            let error = #expect(throws: SearchError.self) { try HTTPSearch(service, client: client) }
            #expect(error?.code == .badAddress)
            #expect(error?.message == message)
            #expect(throws: SearchError.self) { try HTTPSearch(service, baseURL: "ftp://a.example", client: client) }
            #expect(throws: SearchError.self) { try HTTPSearch(service, baseURL: "http://", client: client) }
            #expect(throws: Never.self) { try HTTPSearch(service, baseURL: "http://a.example", client: client) }
        }
    }

    struct Refusal: Sendable {
        let service: SearchService
        let answer: Answer
        let code: SearchError.Code
        let message: String
    }

    @Test(arguments: [
        Refusal(
            service: .exa,
            answer: Answer(status: .unauthorized),
            code: .unauthorized,
            message: "Exa does not know who asks: check EXA_API_KEY"
        ),
        Refusal(
            service: .searXNG,
            answer: Answer(status: .unauthorized),
            code: .unauthorized,
            message: "SearXNG does not know who asks: it takes no key of ours"
        ),
        Refusal(
            service: .searXNG,
            answer: Answer(status: .forbidden),
            code: .forbidden,
            message: "SearXNG refuses to search: add `json` to `search.formats` in its settings.yml"
        ),
        Refusal(
            service: .tavily,
            answer: Answer(status: .forbidden),
            code: .forbidden,
            message: "Tavily refuses to search: what its key allows may not cover this"
        ),
        Refusal(
            service: .serper,
            answer: Answer(status: .tooManyRequests, headers: ["Retry-After": "30"]),
            code: .tooManyRequests(retryAfter: .seconds(30)),
            message: "Serper was asked too often: it wants to be asked again after 30 s"
        ),
        Refusal(
            service: .serper,
            answer: Answer(status: .tooManyRequests, headers: ["Retry-After": "soon"]),
            code: .tooManyRequests(retryAfter: nil),
            message: "Serper was asked too often: ask again later"
        ),
        Refusal(
            service: .searXNG,
            answer: Answer(status: .tooManyRequests),
            code: .tooManyRequests(retryAfter: nil),
            message: "SearXNG was asked too often: ask again later; its limiter may take this for a bot: set "
                + "`server.limiter: false` in its settings.yml, or name this machine in "
                + "`botdetection.ip_lists.pass_ip` of its limiter.toml"
        ),
        Refusal(
            service: .jina,
            answer: Answer(status: .badGateway),
            code: .refused(status: 502),
            message: "Jina failed with status 502"
        ),
        Refusal(
            service: .searXNG,
            answer: Answer(status: .found, headers: ["Location": "http://127.0.0.1:9/stolen"]),
            code: .refused(status: 302),
            message: "SearXNG is elsewhere (302): correct its base URL"
        ),
        Refusal(
            service: .you,
            answer: Answer(body: String(repeating: " ", count: HTTPSearch.answerBytesMax + 1)),
            code: .tooLarge,
            message: "You.com answered with more than 4 MiB"
        ),
    ])
    func `a refusal is said in a sentence`(refusal: Refusal) async throws {
        try await withService { _, _ in
            refusal.answer
        } _: { url, questions, client in
            let search = try HTTPSearch(
                refusal.service,
                baseURL: url,
                key: "k",
                client: client,
                deadline: .seconds(600)
            )
            let error = await #expect(throws: SearchError.self) { try await search.search("a", count: 3) }
            #expect(error?.code == refusal.code)
            #expect(error?.message == refusal.message)
            #expect(questions.all.count == 1)
        }
    }

    @Test func `a key that was never given is asked for`() async throws {
        try await withService { _, _ in
            Answer(status: .unauthorized)
        } _: { url, _, client in
            let search = try HTTPSearch(.firecrawl, baseURL: url, client: client, deadline: .seconds(600))
            let error = await #expect(throws: SearchError.self) { try await search.search("a", count: 3) }
            #expect(error?.message == "Firecrawl does not know who asks: set FIRECRAWL_API_KEY")
        }
    }

    @Test func `Brave is asked once more after a second`() async throws {
        let found = #"{"web":{"results":[{"title":"A","url":"https://a.example/","description":""}]}}"#
        let pauses = StubPauses(passing: [.seconds(1)])
        let answer: @Sendable (Asked, Int) -> Answer? = {
            $1 == 0 ? Answer(status: .tooManyRequests) : Answer(body: found)
        }
        try await withService(answer) { url, questions, client in
            let search = try HTTPSearch(.brave, baseURL: url, key: "k", client: client, sleep: pauses.sleep)
            #expect(try await search.search("a", count: 3).map(\.title) == ["A"])
            #expect(questions.all.map(\.uri) == Array(repeating: "/res/v1/web/search?q=a&count=3", count: 2))
            #expect(pauses.passed == [.seconds(1)])
        }
    }

    @Test func `Brave is asked no third time`() async throws {
        let pauses = StubPauses(passing: [.seconds(1)])
        try await withService { _, _ in
            Answer(status: .tooManyRequests)
        } _: { url, questions, client in
            let search = try HTTPSearch(.brave, baseURL: url, key: "k", client: client, sleep: pauses.sleep)
            let error = await #expect(throws: SearchError.self) { try await search.search("a", count: 3) }
            #expect(error?.code == .tooManyRequests(retryAfter: nil))
            #expect(questions.all.count == 2)
        }
    }

    @Test func `a service that says nothing is late`() async throws {
        let pauses = StubPauses(passing: [.seconds(7)])
        try await withService { _, _ in
            nil
        } _: { url, _, client in
            let search = try HTTPSearch(
                .searXNG,
                baseURL: url,
                client: client,
                deadline: .seconds(7),
                sleep: pauses.sleep
            )
            let error = await #expect(throws: SearchError.self) { try await search.search("a", count: 3) }
            #expect(error?.code == .timedOut)
            #expect(error?.message == "SearXNG did not answer within 7.0 seconds")
        }
    }

    @Test func `a service that is not there cannot be reached`() async throws {
        let (gone, _) = try await withService { _, _ in
            nil
        } _: { url, questions, _ in
            (url, questions)
        }
        try await withService { _, _ in
            nil
        } _: { _, _, client in
            let search = try HTTPSearch(.searXNG, baseURL: gone, client: client, deadline: .seconds(2))
            let error = await #expect(throws: SearchError.self) { try await search.search("a", count: 3) }
            #expect(error?.code == .unreachable || error?.code == .timedOut)
        }
    }

    @Test func `a caller that gives up gets that as the error`() async throws {
        try await withService { _, _ in
            nil
        } _: { url, _, client in
            let search = try HTTPSearch(.searXNG, baseURL: url, client: client, deadline: .seconds(600))
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    let error = await #expect(throws: SearchError.self) { try await search.search("a", count: 3) }
                    #expect(error?.code == .cancelled)
                }
                group.cancelAll()
            }
        }
    }

    @Test(arguments: [("", 3), (" \n", 3), ("a", 0), ("a", -1)])
    func `an empty question is sent to no service`(query: String, count: Int) async throws {
        try await withService { _, _ in
            nil
        } _: { url, questions, client in
            let search = try HTTPSearch(.generic, baseURL: url, client: client, deadline: .seconds(600))
            #expect(try await search.search(query, count: count).isEmpty)
            #expect(questions.all.isEmpty)
        }
    }

    @Test func `a query is bounded and has no controls`() async throws {
        try await withService { _, _ in
            Answer(body: "[]")
        } _: { url, questions, client in
            let search = try HTTPSearch(.generic, baseURL: url + "/find", client: client, deadline: .seconds(600))
            _ = try await search.search("a\u{0}\r\nb" + String(repeating: "x", count: 9999), count: 1)
            let asked = try #require(questions.all.first)
            #expect(asked.uri == "/find")
            #expect(asked.body.hasPrefix(#"{"query":"a bxxx"#))
            #expect(asked.body.contains(#","count":1"#))
            #expect(asked.body.utf8.count < 2100)
        }
    }
}
