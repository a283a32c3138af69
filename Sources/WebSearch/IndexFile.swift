internal import GRDB
internal import LinuxSystem

/// The database of a local index.
enum IndexFile {
    /// `HrmI`, which tells our files from those of others.
    private static let application: Int32 = 0x4872_6D49
    /// Of the tables, and of how documents are read. Of an older file, the directories are kept, to be read once more.
    private static let version: Int32 = 2

    /// Opens the database at `path`, or makes it.
    static func open(_ path: String) throws(SearchError) -> DatabasePool {
        let age = try age(of: path)
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.label = "index"
        // The log is moved into the file at the end of an update, not every 4 MB.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA wal_autocheckpoint = 16384") }
        return try mapping(path) {
            let pool = try DatabasePool(path: path, configuration: configuration)
            if age != .current {
                try pool.write { try age == .new ? makeTables($0) : remakeTables($0) }
                // The head of the file says whose it is, also to those who do not look into its log.
                try pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
            }
            _ = try pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM corpus") }
            return pool
        }
    }

    /// The value of `body`, with what SQLite says about its file in our words.
    static func mapping<Value>(_ path: String, _ body: () throws -> Value) throws(SearchError) -> Value {
        do {
            return try body()
        } catch {
            throw searchError(error, path)
        }
    }

    /// What the failure of a statement means.
    static func searchError(_ error: any Error, _ path: String) -> SearchError {
        switch error {
        case let error as SearchError: return error
        case is CancellationError: return SearchError(.cancelled, "the search was given up")
        case let error as DatabaseError:
            switch error.resultCode {
            case .SQLITE_NOTADB, .SQLITE_CORRUPT:
                let advice = "delete it and add its directories again"
                return SearchError(.damaged, "the index \(path) is damaged: \(advice)", cause: error)
            case .SQLITE_INTERRUPT, .SQLITE_ABORT:
                return SearchError(.cancelled, "the search was given up", cause: error)
            default:
                let said = OneLine.of(error.message ?? "\(error.resultCode)", bytesMax: 200)
                return SearchError(.storage, "the index \(path) cannot be used: \(said)", cause: error)
            }
        default: return SearchError(.storage, "the index \(path) cannot be used", cause: error)
        }
    }

    private enum Age {
        case new, older, current
    }

    /// Whether there is a database yet, and of which version. What somebody else made is refused before SQLite gets to see
    /// it: opening it would already change it.
    private static func age(of path: String) throws(SearchError) -> Age {
        guard Files.kind(path) != nil else { return .new }
        let head: [UInt8]
        do throws(SystemError) {
            let file = try Descriptor.open(path, flags: 0)
            head = try file.read(upTo: 100) ?? []
        } catch {
            throw SearchError(.storage, "the index \(path) cannot be read", cause: error)
        }
        if head.isEmpty { return .new }
        guard head.count == 100, head.starts(with: Array("SQLite format 3\0".utf8)),
            number(in: head, at: 68) == application
        else {
            throw SearchError(.foreignFile, "\(path) is no index of ours: name another file")
        }
        let found = number(in: head, at: 60)
        guard found <= version else {
            throw SearchError(
                .foreignFile,
                "the index \(path) is of another version: delete it and add its directories again"
            )
        }
        return found < version ? .older : .current
    }

    private static func number(in head: [UInt8], at offset: Int) -> Int32 {
        head[offset..<offset + 4].reduce(0) { $0 << 8 | Int32($1) }
    }

    /// Corpora stay, with nothing in them until they are updated.
    private static func remakeTables(_ database: Database) throws {
        let corpora = try Row.fetchAll(database, sql: "SELECT name, directory FROM corpus")
        try database.execute(sql: "DROP TABLE passage; DROP TABLE document; DROP TABLE corpus")
        try makeTables(database)
        for corpus in corpora {
            try database.execute(
                sql: "INSERT INTO corpus (name, directory) VALUES (?, ?)",
                arguments: [corpus[0] as String, corpus[1] as String]
            )
        }
    }

    private static func makeTables(_ database: Database) throws {
        try database.execute(
            sql: """
                PRAGMA application_id = \(application);
                PRAGMA user_version = \(version);
                CREATE TABLE corpus (
                    id INTEGER PRIMARY KEY,
                    name TEXT NOT NULL UNIQUE,
                    directory TEXT NOT NULL
                );
                -- Without a title, a document could not be read, and problem says why.
                CREATE TABLE document (
                    id INTEGER PRIMARY KEY,
                    corpus INTEGER NOT NULL REFERENCES corpus (id),
                    path TEXT NOT NULL,
                    bytes INTEGER NOT NULL,
                    modified INTEGER NOT NULL,
                    hash INTEGER NOT NULL,
                    title TEXT,
                    problem TEXT,
                    UNIQUE (corpus, path)
                );
                -- Its rows have the numbers of their documents.
                CREATE VIRTUAL TABLE passage USING fts5 (
                    path, title, body, bigrams, tokenize = 'porter unicode61 remove_diacritics 2'
                );
                -- A path helps to find and never to rank; a title is worth eight mentions.
                INSERT INTO passage (passage, rank) VALUES ('rank', 'bm25(0.0, 8.0, 1.0, 1.0)');
                """
        )
    }
}
