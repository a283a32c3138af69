internal import JSON

/// A service that searches over HTTP: how it is asked, and where its answer has the results.
///
/// The shapes are those of the services' own documentation.
package struct SearchService: Sendable {
    /// What settings call it.
    package let id: String
    /// What people call it.
    package let name: String
    /// Where it is unless the operator says otherwise; nil if everybody has their own.
    package let baseURL: String?
    /// The environment variable that usually has its key; nil if it takes none.
    package var keyVariable: String? { key?.variable }

    let path: String
    let key: Key?
    /// How many results can be asked for.
    let countMax: Int
    let question: Question
    let answer: AnswerShape
    /// How long to wait before asking once more where the service was asked too often.
    var secondTryAfter: Duration?
    /// What to do about a refusal (403), where that is known.
    var adviceWhenForbidden: String?
    /// What to do about being asked too often (429), where that is known.
    var adviceWhenTooMany: String?
    /// What it wants to know beside the question.
    var headers: [String: String] = [:]

    /// Where a key goes.
    struct Key: Sendable {
        let variable: String
        let header: String
        var prefix = ""
        /// Whether some of these services do without.
        var isOptional = false
    }

    /// What is sent, made from the query and the number of results.
    enum Question: Sendable {
        case get(@Sendable (String, Int) -> [(name: String, value: String)])
        case post(@Sendable (String, Int) -> JSONValue)
    }
}

extension SearchService {
    /// All of them.
    package static let all: [SearchService] = [
        generic, searXNG, exa, you, brave, tavily, serper, firecrawl, jina,
    ]

    /// Whatever takes `{query, count}` and answers with a list of `{link, title, snippet}`.
    package static let generic = SearchService(
        id: "generic",
        name: "the search service",
        baseURL: nil,
        path: "",
        key: Key(variable: "SEARCH_API_KEY", header: "Authorization", prefix: "Bearer ", isOptional: true),
        countMax: 100,
        question: .post { ["query": .string($0), "count": .integer($1)] },
        answer: AnswerShape(lists: [[]], url: "link", summary: ["snippet"])
    )

    /// A SearXNG, which has to be asked for JSON; where it looks for bots, it takes what has not these
    /// headers for one.
    package static let searXNG = SearchService(
        id: "searxng",
        name: "SearXNG",
        baseURL: nil,
        path: "/search",
        key: nil,
        countMax: 100,
        question: .get { query, _ in [("q", query), ("format", "json")] },
        answer: AnswerShape(
            lists: [["results"]],
            summary: ["content"],
            asides: [
                AnswerShape.Aside(path: ["answers"], name: "Answer", text: ["answer"], url: ["url"]),
                AnswerShape.Aside(
                    path: ["infoboxes"],
                    name: "Summary",
                    title: ["infobox"],
                    text: ["content", "attributes"],
                    url: ["id"]
                ),
            ],
            silentEngines: "unresponsive_engines"
        ),
        adviceWhenForbidden: "add `json` to `search.formats` in its settings.yml",
        adviceWhenTooMany:
            "its limiter may take this for a bot: set `server.limiter: false` in its settings.yml, or name "
            + "this machine in `botdetection.ip_lists.pass_ip` of its limiter.toml",
        headers: ["Accept": "application/json, text/html", "Accept-Language": "en"]
    )

    /// Exa, with passages of each page: a summary would be written by a model, for every page.
    package static let exa = SearchService(
        id: "exa",
        name: "Exa",
        baseURL: "https://api.exa.ai",
        path: "/search",
        key: Key(variable: "EXA_API_KEY", header: "x-api-key"),
        countMax: 100,
        question: .post {
            ["query": .string($0), "numResults": .integer($1), "type": "auto", "contents": ["highlights": true]]
        },
        answer: AnswerShape(lists: [["results"]], summary: ["summary", "highlights", "text"])
    )

    /// You.com, pages and news.
    package static let you = SearchService(
        id: "you",
        name: "You.com",
        baseURL: "https://ydc-index.io",
        path: "/v1/search",
        key: Key(variable: "YDC_API_KEY", header: "X-API-Key"),
        countMax: 100,
        question: .get { [("query", $0), ("count", "\($1)")] },
        answer: AnswerShape(
            lists: [["results", "web"], ["results", "news"]],
            summary: ["snippets", "description"],
            signOfNone: "results"
        )
    )

    /// Brave, whose free plan lets in one search a second.
    package static let brave = SearchService(
        id: "brave",
        name: "Brave",
        baseURL: "https://api.search.brave.com",
        path: "/res/v1/web/search",
        key: Key(variable: "BRAVE_API_KEY", header: "X-Subscription-Token"),
        countMax: 20,
        question: .get { [("q", $0), ("count", "\($1)")] },
        answer: AnswerShape(
            lists: [["web", "results"]],
            summary: ["description"],
            signOfNone: "query"
        ),
        secondTryAfter: .seconds(1)
    )

    /// Tavily.
    package static let tavily = SearchService(
        id: "tavily",
        name: "Tavily",
        baseURL: "https://api.tavily.com",
        path: "/search",
        key: Key(variable: "TAVILY_API_KEY", header: "Authorization", prefix: "Bearer "),
        countMax: 20,
        question: .post { ["query": .string($0), "max_results": .integer($1)] },
        answer: AnswerShape(lists: [["results"]], summary: ["content"])
    )

    /// Serper, which asks Google.
    package static let serper = SearchService(
        id: "serper",
        name: "Serper",
        baseURL: "https://google.serper.dev",
        path: "/search",
        key: Key(variable: "SERPER_API_KEY", header: "X-API-KEY"),
        countMax: 100,
        question: .post { ["q": .string($0), "num": .integer($1)] },
        answer: AnswerShape(
            lists: [["organic"]],
            url: "link",
            summary: ["snippet"],
            asides: [
                AnswerShape.Aside(
                    path: ["answerBox"],
                    name: "Answer",
                    title: ["title"],
                    text: ["answer", "snippet"],
                    url: ["link"]
                ),
                AnswerShape.Aside(
                    path: ["knowledgeGraph"],
                    name: "Summary",
                    title: ["title"],
                    text: ["type", "description"],
                    url: ["descriptionLink", "website"]
                ),
            ]
        )
    )

    /// Firecrawl; one's own may need no key, and an old one answers with a bare list.
    package static let firecrawl = SearchService(
        id: "firecrawl",
        name: "Firecrawl",
        baseURL: "https://api.firecrawl.dev",
        path: "/v2/search",
        key: Key(variable: "FIRECRAWL_API_KEY", header: "Authorization", prefix: "Bearer ", isOptional: true),
        countMax: 100,
        question: .post { ["query": .string($0), "limit": .integer($1)] },
        answer: AnswerShape(lists: [["data", "web"], ["data"]], summary: ["description"], signOfNone: "data")
    )

    /// Jina.
    package static let jina = SearchService(
        id: "jina",
        name: "Jina",
        baseURL: "https://s.jina.ai",
        path: "/",
        key: Key(variable: "JINA_API_KEY", header: "Authorization", prefix: "Bearer "),
        countMax: 10,
        question: .post { ["q": .string($0), "count": .integer($1)] },
        answer: AnswerShape(lists: [["data"]], summary: ["description", "content"])
    )
}
