internal import JSON
internal import Logging
internal import MCP

/// `open_image`: shows a picture; hidden from prompts, as gpt-oss models read no pictures.
struct OpenImageTool: Tool {
    let machines: any MachineSource

    /// How large a picture may be, in bytes: it has to fit a message in base64.
    private static let bytesMax = 750_000

    var description: ToolDescription {
        ToolDescription(
            name: "open_image",
            title: "Open an image",
            description: """
                Returns the image at the given absolute path (only absolute paths supported).
                Only supports jpg, jpeg, png, and webp image formats.
                """,
            inputSchema: .arguments(
                [
                    "path": .parameter(
                        "string",
                        "The absolute path to the image. Relative paths are not supported."
                    ),
                    "user": .parameter(
                        "string",
                        "The user to run the command as (overrides the container default)."
                    ),
                ],
                required: ["path"]
            ),
            hints: ToolDescription.Hints(isReadOnly: true),
            isHiddenFromPrompt: true
        )
    }

    func call(_ call: ToolCall, output: @escaping @Sendable (ToolOutput) async -> Void) async throws -> ToolResult {
        let arguments = CallArguments(call.arguments)
        do {
            guard let path = try arguments.text("path"), path.hasPrefix("/") else {
                return ToolResult(text: "open_image takes `path`: the absolute path of an image.", isError: true)
            }
            let user = try arguments.text("user")
            let bytes = try await machines.withMachine(of: call.session) { machine in
                try await machine.readFile(path, as: user, bytesMax: Self.bytesMax)
            }
            guard let type = Self.type(of: bytes) else {
                return ToolResult(text: "\(path) is no JPEG, PNG or WebP image.", isError: true)
            }
            return ToolResult(content: [
                .text("[\(path), \(type), \(bytes.count) bytes]"), .image(data: bytes, mimeType: type),
            ])
        } catch let refusal as CallArguments.Refusal {
            return ToolResult(text: refusal.text, isError: true)
        } catch let error as MachineError {
            Logger.current.debug("Image not opened", metadata: ["error": "\(error)"])
            return ToolResult(text: ExecText.sentence(for: error.code, terminal: nil), isError: true)
        }
    }

    /// The MIME type by the bytes at a file's beginning; nil for what is no picture.
    private static func type(of bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        let isWebP = bytes.starts(with: "RIFF".utf8) && bytes.dropFirst(8).starts(with: "WEBP".utf8)
        return isWebP ? "image/webp" : nil
    }
}
