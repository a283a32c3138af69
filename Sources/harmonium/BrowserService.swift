internal import AsyncHTTPClient
internal import BrowserTool
internal import Browsing
internal import Chromium
internal import Foundation
internal import Logging
internal import MCP
internal import NetworkAccess
internal import ServiceLifecycle
internal import Sessions
internal import Tokenizer
internal import WebFetch
internal import WebSearch

/// All that serves the browser: the search providers, the guarded fetch, the local index, and the namespace.
struct BrowserService: Service {
    let namespace: BrowserNamespace
    let fetcher: WebFetcher
    private let index: LocalIndex?
    private let documents: [String]
    private let client: HTTPClient
    private let renderer: PageRenderer?

    /// Without a place for data, the index is made in `directory` and ends with it.
    init(settings: Settings, encoding: Encoding?, directory: RuntimeDirectory) throws {
        let browser = settings.browser
        client = HTTPClient(configuration: HTTPSearch.clientConfiguration)
        documents = browser.documents
        index =
            browser.search.contains("local")
            ? BrowserService.openIndex(browser.index, otherwise: "\(directory.path)/index.sqlite") : nil
        fetcher = try BrowserService.fetcher(browser)
        renderer = try BrowserService.renderer(browser, fetcher: fetcher)
        let provider = SearchChain(try BrowserService.providers(browser, index: index, client: client))
        var view = Browser.Settings()
        view.viewTokens = browser.viewTokens
        if browser.isReference { view.fixes = .reference }
        namespace = BrowserNamespace(
            source: WebPages(
                fetcher: fetcher,
                provider: provider,
                index: index,
                scripted: ScriptedPages(rule: browser.isReference ? .never : browser.render, renderer: renderer)
            ),
            encoding: encoding,
            settings: view,
            limits: browser.sessionLimits
        )
    }

    /// Brings the index up to date, then waits until shut down.
    func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await updateIndex() }
            // Ends when it is cancelled.
            group.addTask { try? await namespace.sessions.expireIdleSessions() }
            try? await gracefulShutdown()
            group.cancelAll()
        }
        await renderer?.shutDown()
        try await client.shutdown()
    }

    /// A newcomer's first search finds what is documented on the machine.
    private func updateIndex() async {
        guard let index else { return }
        // After an upgrade, corpora that were added by hand can be empty.
        let known = (try? await index.corpora()) ?? []
        let present = documents.filter { FileManager.default.fileExists(atPath: $0) }
        let empty = known.filter { $0.documentCount == 0 }.map(\.directory)
        for directory in present + empty.filter({ !present.contains($0) }) {
            let name = known.first { $0.directory == directory }?.name
            guard await update(index, corpus: name, directory) else { return }
        }
    }

    /// Reads what is new or changed in a directory, which is added if it has no name yet; false if it was cancelled.
    private func update(_ index: LocalIndex, corpus known: String?, _ directory: String) async -> Bool {
        let name = known ?? BrowserService.corpusName(of: directory)
        do throws(SearchError) {
            let report =
                known == nil
                ? try await index.add(name, directory: directory) { _ in } : try await index.update(name) { _ in }
            Logger.current.info(
                "Local index is up to date",
                metadata: [
                    "corpus": "\(name)", "added": "\(report.addedCount)", "changed": "\(report.changedCount)",
                ]
            )
        } catch {
            if error.code == .cancelled { return false }
            Logger.current.warning(
                "Local index could not be brought up to date",
                metadata: ["corpus": "\(name)", "error": "\(error)"]
            )
        }
        return true
    }

    /// What opens pages as the settings allow.
    static func fetcher(_ settings: Settings.Browser) throws -> WebFetcher {
        let allowed: AllowList
        do {
            allowed = try AllowList(allowing: settings.allowed)
        } catch {
            throw SettingsError("browser.allowed: \(error)")
        }
        return try WebFetcher(
            allowing: allowed,
            userAgent: "harmonium/\(version)",
            respectsRobots: settings.respectsRobots
        )
    }

    /// The name of a directory's corpus: its path, in the letters that a name may have.
    static func corpusName(of directory: String) -> String {
        let letters = directory.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return String(String(letters).split(separator: "-").joined(separator: "-").suffix(64))
    }

    /// The index in the file that was set, where the user's data is, or in `fallback`; nil, which is logged, if there can
    /// be none.
    static func openIndex(_ set: String, otherwise fallback: String? = nil) -> LocalIndex? {
        let file = set.isEmpty ? IndexPlace.usual ?? fallback : set
        guard let file else { return nil }
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        do throws(SearchError) {
            return try LocalIndex(file: file)
        } catch {
            Logger.current.warning("No local index", metadata: ["file": "\(file)", "error": "\(error)"])
            return nil
        }
    }

    /// Nil where scripts of pages are not to be run, or there is no program to run them.
    private static func renderer(_ settings: Settings.Browser, fetcher: WebFetcher) throws -> PageRenderer? {
        guard settings.render != .never else { return nil }
        guard let program = ChromiumProgram(at: settings.chromium) else {
            guard settings.chromium.isEmpty else {
                throw SettingsError("browser.chromium: \(settings.chromium) cannot be run")
            }
            Logger.current.notice("Scripts of pages are not run: no Chromium; apt install chromium-headless-shell")
            return nil
        }
        return PageRenderer(program: program, fetcher: fetcher)
    }

    private static func providers(
        _ settings: Settings.Browser,
        index: LocalIndex?,
        client: HTTPClient
    ) throws -> [any SearchProvider] {
        let addresses = settings.addresses
        return try settings.search.map { id in
            if id == "local" { return index ?? NoIndex() }
            guard let service = SearchService.all.first(where: { $0.id == id }) else {
                let known = ["local"] + SearchService.all.map(\.id)
                throw SettingsError("browser.search: \"\(id)\" is not one of \(known.joined(separator: ", "))")
            }
            do {
                let key = try service.keyVariable.flatMap { try secret($0) }
                return try HTTPSearch(service, baseURL: addresses[id], key: key, client: client)
            } catch let error as SearchError {
                throw SettingsError("browser.search: \(error.message)")
            }
        }
    }

    /// A key from the environment, or from the file that `NAME_FILE` names there.
    static func secret(
        _ name: String,
        in environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> String? {
        if let value = environment[name] { return value }
        guard let file = environment["\(name)_FILE"] else { return nil }
        do {
            return try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            throw SettingsError("\(name)_FILE: \(file) cannot be read")
        }
    }
}

extension Settings.Browser {
    /// Pages can be had again, so a browser makes room at once; as many calls wait as one client may make.
    fileprivate var sessionLimits: SessionLimits {
        SessionLimits(sessionsMax: sessionsMax, idle: idle, roomIdle: .zero, waitingMax: MCPConnection.requestsMax)
    }
}

/// Says why nothing is found, where the index has no place.
private struct NoIndex: SearchProvider {
    let name = "the local index"

    func search(_ query: String, count: Int) async throws(SearchError) -> [SearchHit] {
        throw SearchError(.storage, "there is no local index here: set browser.index to a file that can be written")
    }
}
