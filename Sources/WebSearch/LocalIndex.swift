internal import FoundationEssentials
internal import GRDB

/// An index of directories on this machine: HTML, Markdown, text and PDF, found by their words without asking anybody.
///
/// Searches go on while the index is updated, by this process or another one, and see it as it was before or after.
package struct LocalIndex: SearchProvider {
    /// What an index takes; anything beyond is left out, and said to be.
    package struct Limits: Sendable {
        /// Files below one directory that are looked at.
        package var filesMax = 1_000_000
        /// Documents in one corpus.
        package var documentsMax = 200_000
        /// How deep directories may be nested.
        package var depthMax = 32
        /// The longest text or HTML, in bytes.
        package var textBytesMax = 8 << 20
        /// The longest PDF, in bytes.
        package var pdfBytesMax = 64 << 20
        /// Corpora.
        package var corporaMax = 64

        /// The usual limits.
        package init() {}
    }

    package let name = "the local index"
    let file: String
    let limits: Limits
    let pool: DatabasePool

    private static let hitsMax = 100

    /// Opens the index in `file`, or makes it; its directory has to be there.
    ///
    /// - Throws: `SearchError`, if the file cannot be opened or is not an index.
    package init(file: String, limits: Limits = Limits()) throws(SearchError) {
        self.file = file
        self.limits = limits
        pool = try IndexFile.open(file)
    }

    /// The corpora, by name.
    ///
    /// - Throws: `SearchError`, if the index cannot be read.
    package func corpora() async throws(SearchError) -> [Corpus] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT name, directory, count(document.title), count(document.problem)
                    FROM corpus LEFT JOIN document ON document.corpus = corpus.id GROUP BY corpus.id ORDER BY name
                    """
            )
            return rows.map {
                Corpus(name: $0[0], directory: $0[1], documentCount: $0[2], unreadableCount: $0[3])
            }
        }
    }

    /// Takes a corpus out of the index; its files stay.
    ///
    /// - Throws: `SearchError`, for a corpus that does not exist, and if the index cannot be written.
    package func remove(_ corpus: String) async throws(SearchError) {
        try await write { database in
            guard
                let id = try Int64.fetchOne(database, sql: "SELECT id FROM corpus WHERE name = ?", arguments: [corpus])
            else { throw SearchError(.badCorpus, "the index has no corpus `\(corpus)`") }
            try database.execute(
                sql: "DELETE FROM passage WHERE rowid IN (SELECT id FROM document WHERE corpus = ?)",
                arguments: [id]
            )
            try database.execute(sql: "DELETE FROM document WHERE corpus = ?", arguments: [id])
            try database.execute(sql: "DELETE FROM corpus WHERE id = ?", arguments: [id])
        }
    }

    /// The pages about `query`, the best first, and of those with the same text one.
    ///
    /// Any text is a query; one without words finds nothing.
    ///
    /// - Throws: `SearchError`, if the index cannot be read.
    package func search(_ query: String, count: Int) async throws(SearchError) -> [SearchHit] {
        let query = FullTextQuery(query)
        let count = min(count, Self.hitsMax)
        guard count > 0, let match = query.match else { return [] }
        return try await read { database in
            try Self.ranked(database, match, count: count).compactMap { try Self.hit(database, $0, for: query) }
        }
    }

    /// The document at `url`, or the index page of the directory there.
    ///
    /// Only what is in the index is handed out, and only from below the directory of its corpus.
    ///
    /// - Throws: `SearchError`, for a URL without a document, and for a document that cannot be read.
    package func page(for url: String) async throws(SearchError) -> LocalPage {
        guard let address = LocalAddress(url) else {
            throw SearchError(.noSuchPage, "`\(OneLine.of(url, bytesMax: 200))` leads to no page of the local index")
        }
        let found = try await read { try Self.document(at: address, in: $0) }
        guard let found, let kind = DocumentKind(path: found.path) else {
            throw SearchError(.noSuchPage, "the local index has no page \(OneLine.of(address.url, bytesMax: 200))")
        }
        let page = LocalAddress(corpus: address.corpus, path: found.path)
        let directory = try CorpusDirectory(found.directory, limits: limits)
        do throws(DocumentText.Unreadable) {
            let text = try await directory.text(of: found.path, kind: kind)
            return LocalPage(url: page.url, title: found.title, contentType: kind.contentType, body: text)
        } catch {
            throw SearchError(.unreadablePage, "\(page.url) \(error.reason)", cause: error)
        }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(SearchError) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw IndexFile.searchError(error, file)
        }
    }

    @discardableResult
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(SearchError) -> Value {
        do {
            return try await pool.write(body)
        } catch {
            throw IndexFile.searchError(error, file)
        }
    }
}

// MARK: - Statements

extension LocalIndex {
    private struct Found: Sendable {
        let directory: String
        let path: String
        let title: String
    }

    /// Only numbers: making an excerpt of each match would take far longer than ranking them.
    private static func ranked(_ database: Database, _ match: String, count: Int) throws -> [Int64] {
        let rows = try Row.fetchCursor(
            database.cachedStatement(
                sql: """
                    SELECT document.id, document.hash FROM passage JOIN document ON document.id = passage.rowid
                    WHERE passage MATCH ? ORDER BY passage.rank
                    """
            ),
            arguments: [match]
        )
        var (found, hashes): ([Int64], Set<Int64>) = ([], [])
        while found.count < count, let row = try rows.next() {
            if hashes.insert(row[1]).inserted { found.append(row[0]) }
        }
        return found
    }

    private static func hit(_ database: Database, _ document: Int64, for query: FullTextQuery) throws -> SearchHit? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT name, document.path, document.title, CAST(body AS BLOB) FROM passage
                JOIN document ON document.id = passage.rowid JOIN corpus ON corpus.id = document.corpus
                WHERE passage.rowid = ?
                """
        )
        guard let row = try Row.fetchOne(statement, arguments: [document]) else { return nil }
        let body: Data = row[3]
        let summary = try Excerpt.of(Array(body), for: query) ?? excerpt(database, document, for: query)
        return SearchHit(url: LocalAddress(corpus: row[0], path: row[1]).url, title: row[2], summary: summary)
    }

    /// What SQLite makes of words that the text spells otherwise, with accents perhaps.
    private static func excerpt(_ database: Database, _ document: Int64, for query: FullTextQuery) throws -> String {
        let statement = try database.cachedStatement(
            sql: "SELECT snippet(passage, 2, '', '', ' … ', 40) FROM passage WHERE passage MATCH ? AND rowid = ?"
        )
        return try String.fetchOne(statement, arguments: [query.match, document]) ?? ""
    }

    private static func document(at address: LocalAddress, in database: Database) throws -> Found? {
        let index = address.path.isEmpty ? "index.html" : "\(address.path)/index.html"
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT directory, path, title FROM document JOIN corpus ON corpus.id = document.corpus
                WHERE name = ? AND path IN (?, ?) AND title IS NOT NULL ORDER BY length(path) LIMIT 1
                """,
            arguments: [address.corpus, address.path, index]
        )
        return row.map { Found(directory: $0[0], path: $0[1], title: $0[2]) }
    }
}
