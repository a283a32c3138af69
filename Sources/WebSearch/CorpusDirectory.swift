internal import LinuxSystem
internal import WebFetch

/// The files of a corpus: below its directory and reached through no link, whatever other users may write there.
final class CorpusDirectory: Sendable {
    /// A document as it is listed.
    struct Entry: Equatable, Sendable {
        let path: String
        let bytes: Int
        let modified: Int64
    }

    private let directory: HostileDirectory
    private let limits: LocalIndex.Limits

    init(_ path: String, limits: LocalIndex.Limits) throws(SearchError) {
        self.limits = limits
        do throws(SystemError) {
            directory = try HostileDirectory(path)
        } catch {
            throw SearchError(.badCorpus, "\(path) is no directory that can be read", cause: error)
        }
    }

    /// The documents, and whether there are more than the limits allow.
    func list() throws(SearchError) -> (entries: [Entry], isTruncated: Bool) {
        let files: [HostileDirectory.Entry]
        do throws(SystemError) {
            files = try directory.list(
                entriesMax: limits.filesMax,
                depthMax: limits.depthMax,
                includingHidden: false
            )
        } catch {
            throw SearchError(.badCorpus, "the directory cannot be listed", cause: error)
        }
        let documents = files.compactMap { file -> Entry? in
            guard let path = String(validating: file.path, as: UTF8.self), DocumentKind(path: path) != nil else {
                return nil
            }
            return Entry(path: path, bytes: Int(clamping: file.bytes), modified: file.modified)
        }
        let isTruncated = files.count == limits.filesMax || documents.count > limits.documentsMax
        return (Array(documents.prefix(limits.documentsMax)), isTruncated)
    }

    /// The text of the document at `path`, read as a page of the web would be, in UTF-8; of a PDF, its text.
    func text(of path: String, kind: DocumentKind) async throws(DocumentText.Unreadable) -> [UInt8] {
        let bytes = try read(path, kind: kind)
        let text: String
        do {
            text =
                kind.format == .pdf
                ? try await PDFText(limits: CorpusDirectory.pdfLimits).extract(bytes).text
                : try PageEncoding.text(of: bytes, isMarkup: kind.format == .html)
        } catch let error as FetchError {
            throw DocumentText.Unreadable(reason: "cannot be read: \(error.reason)")
        } catch {
            throw DocumentText.Unreadable(reason: "is in an encoding that this machine has no converter for")
        }
        let utf8 = Array(text.utf8)
        guard !utf8.prefix(1 << 13).contains(0) else { throw DocumentText.Unreadable(reason: "is no text") }
        return utf8
    }

    private static var pdfLimits: FetchLimits {
        var limits = FetchLimits()
        // No task waits for it.
        limits.documentTime = .seconds(60)
        return limits
    }

    private func read(_ path: String, kind: DocumentKind) throws(DocumentText.Unreadable) -> [UInt8] {
        let bytesMax = kind.format == .pdf ? limits.pdfBytesMax : limits.textBytesMax
        var bytes: [UInt8] = []
        do throws(SystemError) {
            let file = try directory.openFile(Array(path.utf8))
            bytes.reserveCapacity(min(bytesMax, Int(clamping: try HostileDirectory.size(of: file))) + 1)
            while bytes.count <= bytesMax, let chunk = try file.read(upTo: 1 << 18), !chunk.isEmpty { bytes += chunk }
            if kind.isCompressed, bytes.count <= bytesMax { bytes = try Gzip.inflated(bytes, bytesMax: bytesMax) }
        } catch {
            throw DocumentText.Unreadable(reason: "cannot be opened: \(error)")
        }
        guard bytes.count <= bytesMax else { throw DocumentText.Unreadable(reason: "is larger than \(bytesMax) bytes") }
        return bytes
    }
}

/// Tells whether a file has changed, where its time and size do not.
enum ContentHash {
    /// FNV-1a over words of eight bytes.
    static func of(_ bytes: [UInt8]) -> Int64 {
        let prime: UInt64 = 0x100_0000_01B3
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(bytes.count)
        var index = 0
        while index + 8 <= bytes.count {
            var word: UInt64 = 0
            for offset in 0..<8 { word |= UInt64(bytes[index + offset]) << UInt64(8 * offset) }
            // A product moves bits upwards only; the shift brings them down again.
            hash = (hash ^ word) &* prime
            hash ^= hash >> 29
            index += 8
        }
        for byte in bytes[index...] { hash = (hash ^ UInt64(byte)) &* prime }
        return Int64(bitPattern: hash)
    }
}
