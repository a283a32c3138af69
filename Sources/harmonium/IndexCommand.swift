internal import ArgumentParser
internal import Foundation
internal import LinuxSystem
internal import WebSearch

/// `harmonium index`: the documents that searches find without a search service.
struct IndexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Manage the local index: directories of HTML, Markdown, text and PDF that searches look into.",
        discussion: "A running server sees the changes at once. What is found is opened as local://NAME/PATH.",
        subcommands: [Add.self, List.self, Search.self, Update.self, Remove.self],
        defaultSubcommand: List.self
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Index a directory.")

        @Argument(help: "The directory.")
        var path: String

        @Option(name: .long, help: "Its name in URLs; by default made from the path.")
        var name: String?

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let directory = URL(fileURLWithPath: path).standardizedFileURL.path
            let name = name ?? BrowserService.corpusName(of: directory)
            try await IndexCommand.reporting(common) { index in
                try await index.add(name, directory: directory, progress: IndexCommand.show)
            }
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Index what is new or changed in the directories.")

        @Argument(help: "The names of the corpora; all by default.")
        var names: [String] = []

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let all = try await IndexCommand.open(common).corpora().map(\.name)
            var isComplete = true
            for name in names.isEmpty ? all : names {
                do {
                    try await IndexCommand.reporting(common) { index in
                        try await index.update(name, progress: IndexCommand.show)
                    }
                } catch let error as ValidationError {
                    // A directory that cannot be read does not keep the others from being updated.
                    Terminal.note("harmonium: \(name): \(error.message)")
                    isComplete = false
                }
            }
            if !isComplete { throw ExitCode(1) }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a directory from the index; its files stay.")

        @Argument(help: "The name of the corpus.")
        var name: String

        @OptionGroup var common: CommonOptions

        func run() async throws {
            do {
                try await IndexCommand.open(common).remove(name)
            } catch let error as SearchError {
                throw ValidationError(error.message)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print what is indexed.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            for corpus in try await IndexCommand.open(common).corpora() {
                let unread = corpus.unreadableCount > 0 ? ", \(corpus.unreadableCount) unreadable" : ""
                print("\(corpus.name)\t\(corpus.directory)\t\(corpus.documentCount) documents\(unread)")
            }
        }
    }

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print what a search finds: URL and title, the best first."
        )

        @Argument(help: "The words or the question to search for.")
        var query: String

        @Option(name: .long, help: "The number of results to print.")
        var count = 10

        @OptionGroup var common: CommonOptions

        func run() async throws {
            do {
                for hit in try await IndexCommand.open(common).search(query, count: count) {
                    Terminal.write("\(hit.url)\t\(hit.title)\n")
                }
            } catch let error as SearchError {
                throw ValidationError(error.message)
            }
        }
    }

    private static func open(_ common: CommonOptions) async throws -> LocalIndex {
        let settings = try await common.readSettings()
        if ThisProcess.user == 0, settings.user != "root" {
            // As the server's user, which writes the index and has to read its documents. This program runs again.
            let user = try Privileges.user(settings)
            if settings.browser.index.isEmpty { try IndexPlace.share(with: user) }
            try Capabilities().restart(asUser: user.id, group: user.group)
        }
        guard let index = BrowserService.openIndex(settings.browser.index) else {
            throw ValidationError("the index cannot be written: set browser.index to a file that can")
        }
        return index
    }

    private static func reporting(
        _ common: CommonOptions,
        _ body: (LocalIndex) async throws -> IndexReport
    ) async throws {
        do {
            let report = try await body(open(common))
            if Terminal.showsProgress { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
            print(
                "\(report.addedCount) added, \(report.changedCount) changed, \(report.unchangedCount) unchanged, "
                    + "\(report.removedCount) removed, \(report.unreadableCount) unreadable"
            )
            for problem in report.problems {
                Terminal.note("\(problem.path): \(problem.reason)")
            }
        } catch let error as SearchError {
            throw ValidationError(error.message)
        }
    }

    @Sendable private static func show(_ progress: IndexProgress) {
        guard Terminal.showsProgress else { return }
        FileHandle.standardError.write(Data("\r\(progress.done) of \(progress.total) files\u{1B}[K".utf8))
    }
}
