import Foundation
import TestSupport
import Testing

@testable import WebFetch

@Suite(.bounded) struct PDFTextTests {
    private func failure(_ document: [UInt8], path: String? = nil, limits: FetchLimits = .test) async -> FetchError? {
        var pdf = PDFText(limits: limits)
        if let path { pdf.path = path }
        do {
            _ = try await pdf.extract(document)
            return nil
        } catch {
            return error as? FetchError
        }
    }

    @Test(.enabled(if: PDFSample.isInstalled, "run scripts/setup --tests"))
    func `each page has a heading, blank ones too`() async throws {
        let document = PDFSample.document(pages: ["Hello (world)", "", "Third"])
        let extract = try await PDFText(limits: .test).extract(document)
        #expect(extract.text == "Page 1\n\nHello (world)\n\nPage 2\n\n\n\nPage 3\n\nThird\n")
        #expect(!extract.isTruncated)
    }

    @Test(.enabled(if: PDFSample.isInstalled, "run scripts/setup --tests"))
    func `a document comes through a fetch as text`() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n"
        try await withServer(answering(head, PDFSample.document(pages: ["Hello"]))) { server in
            let fetcher = try WebFetcher.test(opening: [server.port])
            let found = try await fetcher.fetch("http://pub.example:\(server.port)/x.pdf")
            #expect(found.kind == .pdf)
            #expect(found.text == "Page 1\n\nHello\n")
        }
    }

    @Test(.enabled(if: PDFSample.isInstalled, "run scripts/setup --tests"))
    func `a document without text is said to be scanned, a damaged one damaged`() async throws {
        let blank = await failure(PDFSample.document(pages: ["", ""]))
        #expect(blank?.code == .contentType)
        #expect(blank?.reason == "this PDF document has 2 pages without any text, as scanned ones have")
        let damaged = await failure(Array("%PDF-1.4 and nothing else".utf8))
        #expect(damaged?.reason == "this PDF document of 25 bytes is damaged or locked")
    }

    @Test(.enabled(if: PDFSample.isInstalled, "run scripts/setup --tests"))
    func `long text is cut at whole pages`() async throws {
        var limits = FetchLimits.test
        limits.bodyBytesMax = 60
        let pages = Array(repeating: "ten letters", count: 50)
        let extract = try await PDFText(limits: limits).extract(PDFSample.document(pages: pages))
        #expect(extract.isTruncated)
        #expect(extract.text == "Page 1\n\nten letters\n\nPage 2\n\nten letters\n")
    }

    @Test func `the converter has no privileges, no environment and no time to waste`() async throws {
        let script = """
            #!/bin/sh
            cat
            echo; env | cut -d= -f1 | grep -v PWD | sort | tr '\\n' ' '
            echo $(ulimit -t) $(ulimit -v) $(ulimit -f) $(ulimit -n) $(ulimit -c) $(ls / | tr '\\n' ' ')
            """
        try await withConverter(script) { pdf, folder in
            let lines = try await pdf.extract(Array("document".utf8)).text.split(separator: "\n").dropFirst()
            let top = folder.split(separator: "/")[0]
            let root = Set(["bin", "lib", "lib32", "lib64", "libx32", "sbin", "usr", String(top)])
            #expect(lines.first == "document")
            let words = try #require(lines.last).split(separator: " ").map(String.init)
            #expect(words.prefix(7) == ["LC_ALL", "PATH", "600", "1048576", "0", "64", "0"])
            #expect(root.isSuperset(of: words.dropFirst(7)) && words.contains("usr"), "\(words)")
        }
    }

    @Test func `a converter that does not end is ended`() async throws {
        var limits = FetchLimits.test
        limits.documentTime = .milliseconds(300)
        try await withConverter("#!/bin/sh\nwhile :; do :; done\n", limits: limits) { pdf, _ in
            let error = await #expect(throws: FetchError.self) { try await pdf.extract([0x25]) }
            #expect(error?.code == .timeout)
        }
    }

    @Test func `a converter that does not read delays no other`() async throws {
        let document = Array(repeating: UInt8(0x25), count: 1 << 20)
        try await withConverter("#!/bin/sh\nexit 1\n") { pdf, _ in
            for _ in 0..<20 {
                let error = await #expect(throws: FetchError.self) { try await pdf.extract(document) }
                #expect(error?.reason == "this PDF document of 1048576 bytes is damaged or locked")
            }
        }
    }

    @Test func `a machine that denies a layer has no text`() async throws {
        try await withConverter("#!/bin/sh\necho 'unshare: unshare failed: Operation not permitted' >&2; exit 1\n") {
            pdf,
            _ in
            let error = await #expect(throws: FetchError.self) { try await pdf.extract([0x25]) }
            #expect(error?.reason == "this PDF document of 1 bytes cannot be read safely on this machine")
        }
    }

    @Test func `a converter that says too much is not heard to the end`() async throws {
        var limits = FetchLimits.test
        limits.bodyBytesMax = 1000
        try await withConverter("#!/bin/sh\nwhile :; do printf 'word\\f'; done\n", limits: limits) { pdf, _ in
            let extract = try await pdf.extract([0x25])
            #expect(extract.isTruncated)
        }
        try await withConverter("#!/bin/sh\nwhile :; do printf '\\f'; done\n", limits: limits) { pdf, _ in
            await #expect(throws: FetchError.self) { try await pdf.extract([0x25]) }
        }
        try await withConverter("#!/bin/sh\nwhile :; do printf 'word'; done\n", limits: limits) { pdf, _ in
            let error = await #expect(throws: FetchError.self) { try await pdf.extract([0x25]) }
            #expect(error?.code == .size)
        }
    }

    /// Lends a reader whose `pdftotext` is `script`.
    private func withConverter(
        _ script: String,
        limits: FetchLimits = .test,
        _ body: (PDFText, String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let program = folder.appending(path: "pdftotext").path(percentEncoded: false)
        try Data(script.utf8).write(to: URL(filePath: program))
        let everybody: [FileAttributeKey: Any] = [.posixPermissions: 0o755]
        for path in [folder.path(percentEncoded: false), program] {
            try FileManager.default.setAttributes(everybody, ofItemAtPath: path)
        }
        var pdf = PDFText(limits: limits)
        pdf.path = "\(folder.path(percentEncoded: false)):\(pdf.path)"
        try await body(pdf, folder.path(percentEncoded: false))
    }

    @Test func `a machine without the converter says so`() async throws {
        let error = await failure(PDFSample.document(pages: ["x"]), path: "/nonexistent")
        #expect(error?.reason == "this is a PDF document, and no `pdftotext` (poppler-utils) is installed here")
    }
}

/// PDF documents with a line of text on each page.
enum PDFSample {
    static let isInstalled = ["/usr/bin", "/usr/local/bin", "/bin"].contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/pdftotext")
    }

    static func document(pages: [String]) -> [UInt8] {
        var objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
        let kids = pages.indices.map { "\(4 + 2 * $0) 0 R" }.joined(separator: " ")
        objects.append("<< /Type /Pages /Kids [\(kids)] /Count \(pages.count) >>")
        objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
        for (index, text) in pages.enumerated() {
            let escaped = text.replacing("(", with: "\\(").replacing(")", with: "\\)")
            let stream = text.isEmpty ? "" : "BT /F1 12 Tf 72 720 Td (\(escaped)) Tj ET"
            let resources = "/Resources << /Font << /F1 3 0 R >> >>"
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] \(resources) /Contents \(5 + 2 * index) 0 R >>"
            )
            objects.append("<< /Length \(stream.utf8.count) >>\nstream\n\(stream)\nendstream")
        }
        var text = "%PDF-1.4\n"
        var table = "0000000000 65535 f \n"
        for (index, object) in objects.enumerated() {
            let offset = String(text.utf8.count)
            table += String(repeating: "0", count: 10 - offset.count) + offset + " 00000 n \n"
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = text.utf8.count
        text += "xref\n0 \(objects.count + 1)\n\(table)trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\n"
        return Array((text + "startxref\n\(start)\n%%EOF\n").utf8)
    }
}
