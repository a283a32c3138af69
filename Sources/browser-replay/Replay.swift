import Browsing
import Foundation
import JSON
import PythonText
import Tokenizer

/// A recorded session, held again.
struct Replay {
    let scenario: GoldenScenario
    let folder: URL
    let encoding: Encoding
    private(set) var differences: [String] = []

    init(_ scenario: GoldenScenario, in folder: URL, encoding: Encoding) {
        self.scenario = scenario
        self.folder = folder
        self.encoding = encoding
    }

    /// Makes every call, and notes where anything differs from what was recorded.
    mutating func run() async throws {
        var settings = Browser.Settings()
        settings.viewTokens = scenario.viewTokens
        settings.fixes = .reference
        let source = GoldenSource(backend: scenario.backend, folder: folder)
        var browser = Browser(source: source, encoding: encoding, settings: settings)
        for (index, call) in scenario.calls.enumerated() {
            let result = await Self.answer(to: call, by: &browser)
            let name = "call \(index) \(call.function)"
            if let raises = call.raises { differences.append("\(name): \(raises) is not raised") }
            compare(result.text, call.output ?? "", name: name)
            compare("\(browser.pageURLs.count - 1)", "\(call.cursor)", name: "\(name), cursor")
        }
        compare(browser.pageURLs.joined(separator: "\n"), scenario.stack.joined(separator: "\n"), name: "stack")
        try comparePages(of: browser)
    }

    private static func answer(to call: GoldenScenario.Call, by browser: inout Browser) async -> BrowsingResult {
        func integer(_ name: String) -> Int { call.arguments[name]?.argument.wholeNumber ?? -1 }
        let cursor = call.arguments["cursor"]?.argument ?? .integer(-1)
        switch call.function {
        case "search": return await browser.search(call.arguments["query"]?.pythonText ?? "")
        case "find": return await browser.find(call.arguments["pattern"]?.pythonText ?? "", cursor: cursor)
        default:
            var request = Browser.OpenRequest()
            request.id = call.arguments["id"]?.argument ?? .integer(-1)
            request.cursor = cursor
            request.line = integer("loc")
            request.lineCount = integer("num_lines")
            request.viewsSource = call.arguments["view_source"] == .bool(true)
            return await browser.open(request)
        }
    }

    private mutating func comparePages(of browser: Browser) throws {
        let pages = browser.pages
        compare(
            pages.map(\.url).joined(separator: "\n"),
            scenario.pages.keys.sorted().joined(separator: "\n"),
            name: "pages"
        )
        for page in pages {
            guard let golden = scenario.pages[page.url] else { continue }
            let links = Dictionary(uniqueKeysWithValues: page.links.enumerated().map { ("\($0)", $1) })
            compare(page.title, golden.title, name: "title of \(page.url)")
            compare(
                "\(links.sorted { $0.key < $1.key })",
                "\(golden.links.sorted { $0.key < $1.key })",
                name: "links of \(page.url)"
            )
            compare("\(page.text.scalarCount)", "\(golden.scalarCount)", name: "characters of \(page.url)")
            compare("\(page.lineCount)", "\(golden.lineCount)", name: "lines of \(page.url)")
            compare("\(page.isFound)", "\(golden.hasMatches)", name: "matches of \(page.url)")
            let digest = try SystemTool("sha256sum").output(for: Data(page.text))
            compare(String(decoding: digest.prefix(64), as: UTF8.self), golden.digest, name: "digest of \(page.url)")
        }
    }

    private mutating func compare(_ ours: String, _ golden: String, name: String) {
        guard !ours.utf8.elementsEqual(golden.utf8) else { return }
        let same = zip(ours.utf8, golden.utf8).prefix { $0 == $1 }.count
        func around(_ text: String) -> String {
            String(decoding: Array(text.utf8.dropFirst(max(0, same - 40)).prefix(120)), as: UTF8.self)
        }
        differences.append(
            "\(name): at byte \(same)\n    ours   \(around(ours).debugDescription)\n    golden \(around(golden).debugDescription)"
        )
    }
}
