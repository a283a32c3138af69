internal import JSON

/// One part of a message, or of what a tool answers, as the text that the model reads.
///
/// gpt-oss models read text alone. All else becomes a sentence, so that the model can say what it does not see.
struct PartText: Sendable {
    let text: String

    /// Reads a part.
    ///
    /// - Throws: ``ResponseError`` for a type that there is not, and for a file that is somewhere else.
    init(_ part: RequestFields) throws(ResponseError) {
        switch try part.requiredText("type") {
        case "input_text", "output_text", "text", "reasoning_text", "summary_text":
            text = try part.requiredText("text")
        case "refusal": text = try part.requiredText("refusal")
        case "input_image", "image_url", "computer_screenshot": text = "[an image that the model cannot see]"
        case "input_file", "file": text = try Self.file(part)
        case let type:
            throw .unsupported(part.name(of: "type"), "Parts of the type `\(type.prefix(100))` cannot be read here.")
        }
    }

    /// A file that comes in the request. Chat Completions has what Responses has in an object of its own.
    private static func file(_ part: RequestFields) throws(ResponseError) -> String {
        let fields = part["file"]?.object.map { RequestFields($0, path: part.name(of: "file.")) } ?? part
        guard let data = try fields.text("file_data") else {
            throw .unsupported(
                fields.name(of: "file_id"),
                "Files have to come in `file_data`; there is no store of files here."
            )
        }
        let name = try fields.text("filename")
        let base64 =
            data.hasPrefix("data:") ? data.split(separator: ",", maxSplits: 1).last.map(String.init) ?? "" : data
        guard let bytes = [UInt8](base64: base64) else {
            throw .invalid(fields.name(of: "file_data"), "`file_data` is the file in base64, or a `data:` URL of it.")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return "[the file \(name ?? "without a name"), which is no text that the model can read]"
        }
        return name.map { "\($0):\n\(text)" } ?? text
    }
}
