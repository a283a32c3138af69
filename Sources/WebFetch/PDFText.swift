internal import Concurrency
internal import LinuxSystem
internal import Subprocess
internal import SystemPackage

/// The text of PDF documents, by poppler's `pdftotext` in a process of its own.
///
/// The document comes from a stranger and poppler is large, so the process is held by a ``ConfinedReader``.
package struct PDFText: Sendable {
    /// The whole text, and whether it is all.
    package struct Extract: Equatable, Sendable {
        package let text: String
        package let isTruncated: Bool
    }

    let limits: FetchLimits
    /// Where programs are found.
    var path = Unprivileged.directories.joined(separator: ":")

    /// A reader that takes as long, and gives as much text, as `limits` say.
    package init(limits: FetchLimits) { self.limits = limits }

    private static let memoryBytes = 1 << 30
    /// What a page takes beside its text, so that blank ones have an end too.
    private static let headingBytes = 16

    /// Reads `document`.
    ///
    /// The cells of a row are on one line. A page whose prose stands in columns is read column by column.
    ///
    /// - Throws: `FetchError`, with a sentence for the model, and `CancellationError`.
    package func extract(_ document: [UInt8]) async throws -> Extract {
        guard let output = try await withTimeout(limits.documentTime, { try await read(document) }) else {
            throw FetchError(.timeout, "the PDF document takes longer than \(limits.documentTime) to read")
        }
        return try PDFText.joined(output)
    }

    private func read(_ document: [UInt8]) async throws -> Output {
        var output = try await checked(document, ["-layout"])
        let rows = output.pages.map { PageRows($0) }
        let isInColumns = rows.map(\.areInColumns)
        let flow = isInColumns.contains(true) ? try await checked(document, []).pages : []
        output.pages = rows.indices.map { isInColumns[$0] && $0 < flow.count ? flow[$0] : rows[$0].text }
        return output
    }

    /// What the program says where it succeeds, or is not heard to the end.
    private func checked(_ document: [UInt8], _ options: [String]) async throws -> Output {
        let output = try await convert(document, options)
        if output.isTruncated { return output }
        switch output.status {
        case 0: return output
        case 126, 127:
            throw FetchError(
                .contentType,
                "this is a PDF document, and no `pdftotext` (poppler-utils) is installed here"
            )
        default:
            let isUnconfined = ConfinedReader.complaints.contains { output.pages.first?.hasPrefix("\($0): ") == true }
            let problem = isUnconfined ? "cannot be read safely on this machine" : "is damaged or locked"
            throw FetchError(.contentType, "this PDF document of \(document.count) bytes \(problem)")
        }
    }

    private struct Output: Sendable {
        var pages: [String] = []
        var isTruncated = false
        var status: CInt = -1
    }

    private func convert(_ document: [UInt8], _ options: [String]) async throws -> Output {
        var environment: [Environment.Key: String] = [:]
        environment["PATH"] = path
        environment["LC_ALL"] = "C.UTF-8"
        let reader = ConfinedReader(
            program: "pdftotext",
            arguments: ["-q", "-enc", "UTF-8", "-eol", "unix"] + options + ["-", "-"],
            seconds: max(1, limits.documentTime.components.seconds),
            memoryBytes: PDFText.memoryBytes
        )
        // A file, not a pipe: a reader that stops early would break a pipe.
        let file = try Descriptor.memory(named: "document", holding: document)
        defer { withExtendedLifetime(file) {} }
        do {
            let result = try await Subprocess.run(
                .path(FilePath(reader.words[0])),
                arguments: Arguments(Array(reader.words.dropFirst())),
                environment: .custom(environment),
                input: .fileDescriptor(FileDescriptor(rawValue: file.number), closeAfterSpawningProcess: false),
                output: .sequence,
                error: .combinedWithOutput
            ) { execution in
                try await read(execution.standardOutput)
            }
            var output = result.closureResult
            if case .exited(let status) = result.terminationStatus { output.status = status }
            return output
        } catch let error as SubprocessError where error.code == .executableNotFound {
            return Output(pages: ["confine: not found"])
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            throw FetchError(.size, "one page of this PDF document has more text than is read")
        }
    }

    /// Each page ends in a form feed. The process also ends when its output is not read on.
    private func read(_ text: SubprocessOutputSequence) async throws -> Output {
        var output = Output()
        var room = limits.bodyBytesMax
        for try await page in text.strings(
            separatedBy: .unicodeScalarSequence(["\u{0C}"]),
            bufferingPolicy: .maxLineLength(limits.bodyBytesMax)
        ) {
            room -= page.utf8.count + PDFText.headingBytes
            guard room >= 0 else {
                output.isTruncated = true
                break
            }
            output.pages.append(page)
        }
        return output
    }

    private static func joined(_ output: Output) throws -> Extract {
        guard output.pages.contains(where: { !$0.utf8.allSatisfy(\.isHTMLSpace) }) else {
            throw FetchError(
                .contentType,
                "this PDF document has \(output.pages.count) pages without any text, as scanned ones have"
            )
        }
        let texts = output.pages.enumerated().map { "Page \($0 + 1)\n\n\(trimmed($1))" }
        return Extract(text: texts.joined(separator: "\n\n") + "\n", isTruncated: output.isTruncated)
    }

    private static func trimmed(_ page: String) -> String {
        let bytes = Array(page.utf8)
        guard let last = bytes.lastIndex(where: { !$0.isHTMLSpace }) else { return "" }
        return String(decoding: bytes[...last].drop { $0 == 0x0a }, as: UTF8.self)
    }
}
