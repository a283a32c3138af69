internal import Subprocess

/// The text of PDF documents, by poppler's `pdftotext` in a process of its own.
///
/// Documents come from anywhere and poppler is large: `prlimit` bounds the time, memory and files of the process.
enum PDFText {
    private static let seconds = 60
    private static let memoryBytes = 1 << 30
    private static let path = "/usr/local/bin:/usr/bin:/bin"

    /// The pages of `document`, each under a line with its number.
    static func read(_ document: [UInt8]) async throws(DocumentText.Unreadable) -> [UInt8] {
        let output = await within(.seconds(seconds)) { await convert(document) }
        guard let output else { throw DocumentText.Unreadable(reason: "takes longer than \(seconds) s to read") }
        let pages = try output.get().split(separator: 0x0C, omittingEmptySubsequences: false).dropLast()
        guard pages.contains(where: { $0.contains { $0 > 0x20 } }) else {
            throw DocumentText.Unreadable(reason: "has no text, as scanned pages have none")
        }
        var text: [UInt8] = []
        for (index, page) in pages.enumerated() {
            text += Array("Page \(index + 1)\n\n".utf8)
            text += page.drop { $0 == UInt8(ascii: "\n") }
            text += Array("\n\n".utf8)
        }
        return text
    }

    private static func convert(_ document: [UInt8]) async -> Result<[UInt8], DocumentText.Unreadable> {
        do {
            let result = try await Subprocess.run(
                .name("prlimit"),
                arguments: [
                    "--cpu=\(seconds)", "--as=\(memoryBytes)", "--fsize=0", "--core=0", "--nofile=64", "--",
                    "pdftotext", "-q", "-enc", "UTF-8", "-eol", "unix", "-", "-",
                ],
                environment: .custom(["PATH": path, "LC_ALL": "C.UTF-8"]),
                input: .array(document),
                output: .bytes(limit: 4 * DocumentText.bytesMax),
                error: .discarded
            )
            switch result.terminationStatus {
            case .exited(0): return .success(result.standardOutput)
            case .exited(127): return .failure(isMissing)
            default: return .failure(DocumentText.Unreadable(reason: "is damaged or locked"))
            }
        } catch let error as SubprocessError where error.code == .executableNotFound {
            return .failure(isMissing)
        } catch {
            return .failure(DocumentText.Unreadable(reason: "cannot be read: \(error)"))
        }
    }

    private static let isMissing = DocumentText.Unreadable(
        reason: "is a PDF, and no `pdftotext` (poppler-utils) is installed"
    )
}
