internal import ArgumentParser
internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import Subprocess
internal import SystemPackage
internal import Tokenizer

/// Where the official text of the vocabulary is to be had.
enum VocabularySource {
    private static let fileName = "o200k_base.tiktoken"
    private static let bytesMax = 8 << 20
    private static let address = "https://openaipublic.blob.core.windows.net/encodings/\(fileName)"
    private static let package = "oss-harmony==0.0.11"

    /// Makes an environment of its own for the package, which carries the tokens, and writes them as the official text.
    ///
    /// Tokens are no text of their own; with surrogates for what is ill-formed, decoding them loses nothing.
    private static let dump = """
        import base64, subprocess, sys, tempfile, venv
        with tempfile.TemporaryDirectory() as folder:
            venv.create(folder, with_pip=True)
            pip = [folder + "/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
            subprocess.run(pip + ["\(package)"], check=True, stdout=sys.stderr)
            code = '''
        import base64, sys
        from openai_harmony import HarmonyEncodingName, load_harmony_encoding
        encoding = load_harmony_encoding(HarmonyEncodingName.HARMONY_GPT_OSS)
        for rank in range(199_998):
            token = encoding.decode([rank], errors="surrogateescape").encode("utf-8", "surrogateescape")
            sys.stdout.buffer.write(base64.b64encode(token) + b" %d" % rank + bytes([10]))
        '''
            subprocess.run([folder + "/bin/python", "-c", code], check=True)
        """

    /// The text, from the first place that has it; `note` takes what was tried, a line each.
    static func officialText(from file: String?, note: (String) -> Void) async throws -> [UInt8] {
        if let file { return try read(file) }
        if let folder = ProcessInfo.processInfo.environment["TIKTOKEN_ENCODINGS_BASE"] {
            return try read("\(folder)/\(fileName)")
        }
        var failures: [String] = []
        let sources: [(String, () async throws -> [UInt8])] = [
            ("the Python package \(package)", fromPackage), (address, fromAddress),
        ]
        for (name, fetch) in sources {
            note("getting the vocabulary from \(name)")
            do {
                return try await fetch()
            } catch {
                note("not from there: \(error)")
                failures.append(name)
            }
        }
        throw ValidationError(
            "the vocabulary is not to be had from \(failures.joined(separator: " or ")); get \(fileName) otherwise and "
                + "name it with --from"
        )
    }

    private static func read(_ file: String) throws -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        } catch {
            throw ValidationError("\(file) cannot be read: \(error.localizedDescription)")
        }
    }

    private static func fromPackage() async throws -> [UInt8] {
        // Debian's, whose venv is whole where set-up was run; another one may be first on the path.
        let debian = "/usr/bin/python3"
        let python: Executable =
            FileManager.default.fileExists(atPath: debian) ? .path(FilePath(debian)) : .name("python3")
        let result = try await Subprocess.run(
            python,
            arguments: ["-c", dump],
            input: .none,
            output: .bytes(limit: bytesMax),
            error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
        )
        guard result.terminationStatus.isSuccess else {
            throw SourceError("python3 ended as \(result.terminationStatus)")
        }
        return result.standardOutput
    }

    private static func fromAddress() async throws -> [UInt8] {
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: address), timeout: .seconds(60))
        guard response.status == .ok else { throw SourceError("\(response.status)") }
        return Array(try await response.body.collect(upTo: bytesMax).readableBytesView)
    }
}

/// A source that has no vocabulary.
private struct SourceError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
