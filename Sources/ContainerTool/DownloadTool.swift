internal import JSON
internal import Logging
internal import MCP

/// Where files come from that a model downloads into its machine.
public protocol Downloads: Sendable {
    /// All of what is at a URL, of at most `bytesMax` bytes, if the machine may have it.
    func fetch(_ url: String, bytesMax: Int) async throws -> [UInt8]
}

/// A download that did not succeed.
public struct DownloadError: Error, Sendable {
    /// Why, as the model reads it: one sentence.
    public let sentence: String

    /// A refusal or a failure.
    public init(_ sentence: String) { self.sentence = sentence }
}

/// `download`: puts what is at a URL into a file; hidden from prompts.
struct DownloadTool: Tool {
    let machines: any MachineSource
    let downloads: any Downloads

    /// How large a file may be, in bytes: as much as can be put by HTTP.
    private static let bytesMax = 8 << 20

    var description: ToolDescription {
        ToolDescription(
            name: "download",
            title: "Download a file",
            description: "Download a file from a URL into the container filesystem.",
            inputSchema: .arguments(
                ["url": .parameter("string"), "filepath": .parameter("string")],
                required: ["url", "filepath"]
            ),
            hints: ToolDescription.Hints(isReadOnly: false, isOpenWorld: true),
            isHiddenFromPrompt: true
        )
    }

    func call(_ call: ToolCall, output: @escaping @Sendable (ToolOutput) async -> Void) async throws -> ToolResult {
        let arguments = CallArguments(call.arguments)
        do {
            guard let url = try arguments.text("url"), let path = try arguments.text("filepath"), path.hasPrefix("/")
            else {
                let text = "download takes `url` and `filepath`: the absolute path of the file to make."
                return ToolResult(text: text, isError: true)
            }
            let content = try await downloads.fetch(url, bytesMax: Self.bytesMax)
            try await machines.withMachine(of: call.session) { try await $0.writeFile(path, content) }
            return ToolResult(text: "Downloaded \(content.count) bytes to \(path).")
        } catch let refusal as CallArguments.Refusal {
            return ToolResult(text: refusal.text, isError: true)
        } catch let error as DownloadError {
            return ToolResult(text: error.sentence, isError: true)
        } catch let error as MachineError {
            Logger.current.debug("File not downloaded", metadata: ["error": "\(error)"])
            return ToolResult(text: ExecText.sentence(for: error.code, terminal: nil), isError: true)
        }
    }
}
