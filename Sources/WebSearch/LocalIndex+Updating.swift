internal import FoundationEssentials
internal import GRDB

extension LocalIndex {
    /// Makes `directory` a corpus called `name`, and indexes what is in it.
    ///
    /// - Parameters:
    ///   - name: 1 to 64 lower-case letters, digits and hyphens; it is a part of URLs and stays.
    ///   - directory: Absolute. Hidden files, links and their targets are left out.
    ///   - progress: Called now and then; the update waits for it.
    /// - Throws: `SearchError`, for a name or a directory that cannot be a corpus, if the index fails, and on cancellation.
    package func add(
        _ name: String,
        directory: String,
        progress: @Sendable (IndexProgress) -> Void = { _ in }
    ) async throws(SearchError) -> IndexReport {
        guard LocalAddress.isName(name) else {
            throw SearchError(.badCorpus, "`\(name)` can be no corpus: use lower-case letters, digits and hyphens")
        }
        guard directory.hasPrefix("/") else {
            throw SearchError(.badCorpus, "`\(directory)` is no absolute path")
        }
        // Looked into first, so that a mistake leaves the index as it was.
        _ = try CorpusDirectory(directory, limits: limits)
        let corporaMax = limits.corporaMax
        try await write { database in
            let sql = "SELECT directory FROM corpus WHERE name = ?"
            if let known = try String.fetchOne(database, sql: sql, arguments: [name]) {
                guard known == directory else {
                    throw SearchError(
                        .badCorpus,
                        "`\(name)` is \(known) already: remove it first, or take another name"
                    )
                }
                return
            }
            guard try Int.fetchOne(database, sql: "SELECT count(*) FROM corpus") ?? 0 < corporaMax else {
                throw SearchError(.badCorpus, "an index takes \(corporaMax) corpora: remove one first")
            }
            try database.execute(
                sql: "INSERT INTO corpus (name, directory) VALUES (?, ?)",
                arguments: [name, directory]
            )
        }
        return try await update(name, progress: progress)
    }

    /// Brings a corpus up to date: only new files and changed ones are read.
    ///
    /// - Throws: `SearchError`, for a corpus that does not exist, if the index fails, and on cancellation.
    @concurrent
    package func update(
        _ name: String,
        progress: @Sendable (IndexProgress) -> Void = { _ in }
    ) async throws(SearchError) -> IndexReport {
        let known = try await read { try Known(of: name, in: $0) }
        let directory = try CorpusDirectory(known.directory, limits: limits)
        let (entries, isTruncated) = try directory.list()
        var report = IndexReport()
        report.isTruncated = isTruncated
        report.removedCount = try await forget(known, except: Set(entries.map(\.path)))

        let changed = entries.filter { !known.isCurrent($0) }
        report.unchangedCount = entries.count - changed.count
        var done = 0
        // One batch is read while the one before is written.
        var pending: [ReadDocument] = []
        for batch in Self.batches(of: changed) + [[]] {
            async let next = Self.read(batch, in: directory)
            try await store(pending, of: known, in: &report)
            done += pending.count
            progress(IndexProgress(done: done, total: changed.count))
            pending = await next
            if Task.isCancelled { throw SearchError(.cancelled, "the update was given up") }
        }
        if !changed.isEmpty || report.removedCount > 0 { try await settle() }
        return report
    }

    /// Files that are read together: some, or a large one.
    private static func batches(of entries: [CorpusDirectory.Entry]) -> [[CorpusDirectory.Entry]] {
        let (countMax, bytesMax) = (256, 8 << 20)
        var batches: [[CorpusDirectory.Entry]] = []
        var bytes = 0
        for entry in entries {
            bytes += entry.bytes
            if let last = batches.last, last.count < countMax, bytes <= bytesMax {
                batches[batches.count - 1].append(entry)
            } else {
                batches.append([entry])
                bytes = entry.bytes
            }
        }
        return batches
    }

    /// Reads a batch with as many tasks as there are processors.
    private static func read(
        _ batch: [CorpusDirectory.Entry],
        in directory: CorpusDirectory
    ) async -> [ReadDocument] {
        await withTaskGroup(of: ReadDocument.self) { group in
            var documents: [ReadDocument] = []
            var waiting = batch[...]
            for entry in waiting.prefix(ProcessInfo.processInfo.activeProcessorCount) {
                group.addTask { await ReadDocument(entry, in: directory) }
                waiting.removeFirst()
            }
            while let document = await group.next() {
                documents.append(document)
                if let entry = waiting.popFirst() { group.addTask { await ReadDocument(entry, in: directory) } }
            }
            // Of twins, the first one by its path is the first one in the index.
            return documents.sorted { $0.entry.path < $1.entry.path }
        }
    }

    /// Takes out the documents that are not in `paths`, and says how many there were.
    private func forget(_ known: Known, except paths: Set<String>) async throws(SearchError) -> Int {
        let gone = known.documents.filter { !paths.contains($0.key) }.map(\.value)
        guard !gone.isEmpty else { return 0 }
        try await write { database in
            for document in gone {
                try database.execute(sql: "DELETE FROM passage WHERE rowid = ?", arguments: [document.id])
                try database.execute(sql: "DELETE FROM document WHERE id = ?", arguments: [document.id])
            }
        }
        return gone.count { $0.isReadable }
    }

    private func store(
        _ documents: [ReadDocument],
        of known: Known,
        in report: inout IndexReport
    ) async throws(SearchError) {
        guard !documents.isEmpty else { return }
        try await write { database in
            for document in documents { try document.store(in: database, of: known) }
        }
        for document in documents {
            let before = known.documents[document.entry.path]
            switch document.text {
            case .success(let text) where before?.hash == text.hash && before?.isReadable == true:
                report.unchangedCount += 1
            case .success where before?.isReadable == true: report.changedCount += 1
            case .success: report.addedCount += 1
            case .failure(let problem):
                report.unreadableCount += 1
                guard report.problems.count < IndexReport.problemsMax else { break }
                report.problems.append(.init(path: document.entry.path, reason: problem.reason))
            }
        }
    }

    /// Moves what was written from the log into the index itself.
    private func settle() async throws(SearchError) {
        do {
            // Readers that are busy just now keep the log long until next time.
            _ = try await pool.writeWithoutTransaction { try? $0.checkpoint(.truncate) }
        } catch {
            throw IndexFile.searchError(error, file)
        }
    }
}

/// What the index knows of a corpus.
private struct Known: Sendable {
    struct Document: Sendable {
        let id: Int64
        let bytes: Int
        let modified: Int64
        let hash: Int64
        let isReadable: Bool
    }

    let id: Int64
    let directory: String
    let documents: [String: Document]

    init(of name: String, in database: Database) throws {
        let sql = "SELECT id, directory FROM corpus WHERE name = ?"
        guard let corpus = try Row.fetchOne(database, sql: sql, arguments: [name]) else {
            throw SearchError(.badCorpus, "the index has no corpus `\(name)`")
        }
        id = corpus[0]
        directory = corpus[1]
        var documents: [String: Document] = [:]
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT path, id, bytes, modified, hash, title IS NOT NULL FROM document WHERE corpus = ?",
            arguments: [id]
        )
        while let row = try rows.next() {
            documents[row[0]] = Document(id: row[1], bytes: row[2], modified: row[3], hash: row[4], isReadable: row[5])
        }
        self.documents = documents
    }

    /// Whether the file at `entry` has the size and the time of the one that was indexed.
    func isCurrent(_ entry: CorpusDirectory.Entry) -> Bool {
        guard let document = documents[entry.path] else { return false }
        return document.bytes == entry.bytes && document.modified == entry.modified
    }
}

/// A new or changed file once it was read.
private struct ReadDocument: Sendable {
    let entry: CorpusDirectory.Entry
    let text: Result<IndexedText, DocumentText.Unreadable>

    /// What is written of a document, ready to be.
    struct IndexedText: Sendable {
        let title: String
        let body: String
        /// With the pairs that a name in Chinese, Japanese or Korean is found by.
        let titleWords: String
        let bigrams: String
        let hash: Int64
    }

    init(_ entry: CorpusDirectory.Entry, in directory: CorpusDirectory) async {
        self.entry = entry
        do throws(DocumentText.Unreadable) {
            guard let kind = DocumentKind(path: entry.path) else {
                throw DocumentText.Unreadable(reason: "is no document")
            }
            let source = try await directory.text(of: entry.path, kind: kind)
            let text = try DocumentText(of: source, format: kind.format)
            let name = entry.path.split(separator: "/").last.map(String.init) ?? entry.path
            let title = text.title.isEmpty ? name : text.title
            let names = CJK.bigrams(in: Array(title.utf8))
            self.text = .success(
                IndexedText(
                    title: title,
                    body: String(decoding: text.body, as: UTF8.self),
                    titleWords: names.isEmpty ? title : "\(title) \(names)",
                    bigrams: CJK.bigrams(in: text.body),
                    hash: text.hash
                )
            )
        } catch {
            text = .failure(error)
        }
    }

    func store(in database: Database, of known: Known) throws {
        let before = known.documents[entry.path]
        let text = try? text.get()
        var problem: String?
        if case .failure(let unreadable) = self.text { problem = unreadable.reason }
        let id = try Int64.fetchOne(
            database.cachedStatement(
                sql: """
                    INSERT INTO document (corpus, path, bytes, modified, hash, title, problem) VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (corpus, path) DO UPDATE SET bytes = excluded.bytes, modified = excluded.modified,
                    hash = excluded.hash, title = excluded.title, problem = excluded.problem RETURNING id
                    """
            ),
            arguments: [known.id, entry.path, entry.bytes, entry.modified, text?.hash ?? 0, text?.title, problem]
        )
        // A file that was only touched keeps what is indexed of it.
        if let text, before?.hash == text.hash, before?.isReadable == true { return }
        if before != nil {
            try database.cachedStatement(sql: "DELETE FROM passage WHERE rowid = ?").execute(arguments: [id])
        }
        guard let text else { return }
        try database.cachedStatement(
            sql: "INSERT INTO passage (rowid, path, title, body, bigrams) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [id, entry.path, text.titleWords, text.body, text.bigrams])
    }
}
