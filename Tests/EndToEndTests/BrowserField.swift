import Foundation
import JSON
import MCP
import Testing

/// What the recorded cases of the browser ask for, where their own words are not a pattern.
enum BrowserField {
    /// A call of one of the browser's tools.
    struct Call: Sendable {
        let tool: String
        let recorded: JSONValue

        static func open(_ url: String) -> Call { Call(tool: "open", recorded: ["id": .string(url)]) }

        /// With the port that the site has today.
        func arguments(port: String) throws -> JSONValue {
            let text = String(decoding: recorded.encoded(), as: UTF8.self)
            return try JSONValue(parsing: Array(text.replacing(":9471", with: ":\(port)").utf8))
        }
    }

    /// Patterns that a display has, and others that it has not; a dot is any character.
    struct Expectation: Sendable {
        var shown: [String]
        var absent: [String] = []

        func holds(for display: String) -> Bool {
            shown.allSatisfy { Self.matches($0, display) } && !absent.contains { Self.matches($0, display) }
        }

        private static func matches(_ pattern: String, _ text: String) -> Bool {
            text.range(of: "(?s)\(pattern)", options: .regularExpression) != nil
        }
    }

    /// Not right yet; a case that is mended leaves this list.
    static let open: Set<String> = []

    /// Whose recorded outcome is not wanted, and why.
    static let judged: [String: String] = [:]

    /// Those that are no page of a site, and the test that tries them.
    static let elsewhere: [String: String] = [
        "mcp-modern-state": "state stays, and tools have names of their own, where a client does nothing for it",
        "search-limiter": "SearXNG gets what it wants to hear from those that are no bots",
        "search-unresponsive": "engines that did not answer are named where nothing was found",
        "search-answers": "what a service answers itself comes before its results",
        "search-entities": "no service shows its markup",
        "cli-local-hint": "browsing without a server says what helps",
        "index-update-abort": "one directory that is gone stops the update of no other",
        "index-speed": "make bench",
    ]

    /// Whose calls come from a session each.
    static let apart: Set<String> = ["cache-age"]

    /// All that the tables name.
    static var named: [String] {
        Array(open) + judged.keys + elsewhere.keys + expectations.keys + unrecordedCalls.keys + apart
    }

    static func calls(of found: FieldCase) -> [Call] {
        if let calls = unrecordedCalls[found.id] { return calls }
        return found.record["input"]?["calls"]?.array?.compactMap { call in
            guard let parts = call.array, parts.count == 2, let tool = parts[0].string else { return nil }
            return Call(tool: tool, recorded: parts[1])
        } ?? []
    }

    /// Of the table, or of the record: `matches: a ; b`.
    static func expectation(of found: FieldCase) -> Expectation? {
        guard !calls(of: found).isEmpty else { return nil }
        if let expectation = found.expectation ?? expectations[found.id] { return expectation }
        guard let text = found.record["expected"]?.string, text.hasPrefix("matches: ") else { return nil }
        return Expectation(shown: text.dropFirst(9).split(separator: " ; ").map(String.init))
    }

    private static let unrecordedCalls: [String: [Call]] = [
        "js-hash-link": [.open("http://127.0.0.8:9471/js/hash-link.html"), Call(tool: "open", recorded: ["id": 0])],
        "atom-xhtml": [.open("http://127.0.0.3:9471/ct/atom3.atom")],
        "cache-age": [.open("http://127.0.0.4:9471/fresh/aged"), .open("http://127.0.0.4:9471/fresh/aged")],
        "github-blob-json": [
            .open("http://127.0.0.5:9471/ghblob.html"), Call(tool: "open", recorded: ["view_source": true]),
        ],
        "cache-reopen": [.open("http://127.0.0.5:9471/fresh"), .open("http://127.0.0.5:9471/fresh")],
    ]

    private static let expectations: [String: Expectation] = [
        "ssr-stream-hidden": Expectation(shown: ["Release 4.2", "forty-two"]),
        // What only `aria-hidden` hides is seen, and `<noscript>` is for a reader whose scripts do not run.
        "display-none-injection": Expectation(shown: ["INJECT7", "INJECT9"], absent: ["INJECT[1-6]", "INJECT[8A-D]"]),
        "unicode-tags": Expectation(shown: ["Looks good! end"], absent: ["[\\x{E0000}-\\x{E0FFF}]"]),
        "quote-find": Expectation(shown: ["# 【0†match at L9】.*# 【0†match at L9】"]),
        "dsd-short-script": Expectation(shown: ["Shadow says 4242", "Light"]),
        "frameset": Expectation(shown: ["【\\d+†[^】]*】.*【\\d+†[^】]*】"]),
        "link-img-only": Expectation(shown: ["【\\d+†Next page】", "【\\d+†Prev page】"]),
        "x-gzip": Expectation(shown: ["COMPRESSED OK"]),
        "deflate-raw": Expectation(shown: ["COMPRESSED OK"]),
        "enc-none": Expectation(shown: ["COMPRESSED OK"]),
        "enc-utf8": Expectation(shown: ["COMPRESSED OK"]),
        "gzip-two-members": Expectation(shown: ["COMPRESSED OK.*COMPRESSED OK"]),
        "chunk-no-final": Expectation(shown: ["FRAMED OK.*FRAMED OK"]),
        "cl-too-long": Expectation(shown: ["FRAMED OK.*FRAMED OK"]),
        "cl-and-te": Expectation(shown: ["FRAMED OK.*FRAMED OK"]),
        "cl-twice-same": Expectation(shown: ["FRAMED OK.*FRAMED OK"]),
        "lf-only": Expectation(shown: ["FRAMED OK.*FRAMED OK"]),
        "status-404-body": Expectation(shown: ["404", "This page moved to", "/new/location"]),
        "r-two-same": Expectation(shown: ["TARGET OK"]),
        "meta-refresh": Expectation(shown: ["TARGET OK"]),
        "u-space": Expectation(shown: ["SPACED OK"]),
        "u-pad": Expectation(shown: ["TARGET OK"]),
        "cs-sjis-meta-late": Expectation(shown: ["吾輩は猫である"]),
        "cs-gbk-nodecl": Expectation(shown: ["末日乐园"]),
        "cs-utf8-bom": Expectation(shown: ["\\[0\\] Новости", "Москва"], absent: ["<html>"]),
        "cs-utf8-bom-octet": Expectation(shown: ["\\[0\\] Новости", "Москва"], absent: ["<html>"]),
        "cs-utf8-cut-nodecl": Expectation(shown: ["Москва Москва"]),
        "cs-utf8-onebad-nodecl": Expectation(shown: ["Москва столица"]),
        "ct-bibtex": Expectation(shown: ["@article\\{x,"]),
        "ct-sh": Expectation(shown: ["echo hi"]),
        "ct-svg": Expectation(shown: ["Node (\nL\\d+: )?label"]),
        "ct-html-no-marker": Expectation(shown: ["Just a \\**fragment"], absent: ["<div>"]),
        "ct-ctrl-chars": Expectation(shown: ["before.*after the form feed"], absent: ["<p>"]),
        "ct-ctrl-text": Expectation(shown: ["col1.*col2", "bold"]),
        "ct-nul-html": Expectation(shown: ["nul .*byte page"], absent: ["<p>"]),
        "accept-lang": Expectation(shown: ["Accept-Language: en"]),
        "arg-id-mark": Expectation(shown: ["\\[1\\] TARGET OK"]),
        "arg-id-neg-str": Expectation(shown: ["\\[1\\] Page One.*viewing lines \\[20 "]),
        "arg-url-instead": Expectation(shown: ["Page One"]),
        "pdf-download": Expectation(shown: ["Only line"]),
        "pdf-as-html": Expectation(shown: ["Only line"]),
        "pdf-table": Expectation(shown: ["Item1 +3 +\\$10.00\n", "Item4 +12 +\\$40.00"]),
        "big-trunc-mark": Expectation(shown: ["\\[0\\] huge.*(cut|truncated)"]),
        "js-hash-link": Expectation(shown: ["【0†to B】.*View B here"]),
        "js-lazy-scroll": Expectation(shown: ["lazy item 6"]),
        "js-shadow-open": Expectation(shown: ["Open shadow text"]),
        "js-timeout-2s": Expectation(shown: ["after two seconds"]),
        "js-iframe-src": Expectation(shown: ["target.html"]),
        "js-noscript-long": Expectation(shown: ["real app text"]),
        "js-css-hidden-js": Expectation(shown: ["shown text"], absent: ["CLASS HIDDEN"]),
        "github-blob-json": Expectation(shown: ["def main"]),
        "meta-desc-only": Expectation(shown: ["The description of this video is the only text"]),
        "cache-age": Expectation(shown: ["Visit 1.*Visit 2"]),
        "cache-reopen": Expectation(shown: ["Visit 1.*Visit 2"]),
        "atom-xhtml": Expectation(shown: ["XHTML (\\*\\*)?body", "E2 <T> it’s", "Html .*body.*cd", "†E3 x", "S3"]),
    ]
}
