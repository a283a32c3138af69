internal import Browsing
internal import JSON

/// A message or reasoning of the model's on its way into the response. It shows once there is text.
struct TextItem: Sendable {
    /// What the text is.
    enum Form: Sendable, Equatable {
        case reasoning
        /// A message; `phase` is `commentary` or `final_answer`.
        case message(phase: String)
    }

    private let form: Form
    private let id: String
    private var text = ""
    private var annotations: [JSONValue] = []
    private var resolver: CitationResolver?
    private var index: Int?

    /// - Parameter resolver: What turns the citations in the text into links; nil where they show as they are.
    init(_ form: Form, resolver: CitationResolver? = nil) {
        self.form = form
        self.resolver = resolver
        id = ItemID.make(form == .reasoning ? "rs" : "msg")
    }

    /// Whether it is what the model thinks.
    var isReasoning: Bool { form == .reasoning }

    /// Shows more text.
    mutating func append(_ piece: String, _ writer: ResponseWriter) async {
        guard let output = resolver?.feed(piece) else { return await show(piece, writer) }
        await show(output.text, links: output.annotations, writer)
    }

    /// Shows that the text ended, and whether it was cut. Reasoning without text does not show.
    mutating func end(isCut: Bool, _ writer: ResponseWriter) async {
        if let rest = resolver?.finish() { await show(rest.text, links: rest.annotations, writer) }
        if index == nil, form == .reasoning { return }
        let index = await begin(writer)
        await writer.event("response.\(kind).done", of: index, done)
        await writer.event("response.content_part.done", of: index, ["content_index": 0, "part": part])
        await writer.finish(item(isCut ? "incomplete" : "completed", [part]), at: index)
    }

    private mutating func show(
        _ piece: String,
        links: [CitationResolver.Annotation] = [],
        _ writer: ResponseWriter
    ) async {
        // What is held back shows later.
        guard !piece.isEmpty else { return }
        let index = await begin(writer)
        text += piece
        await writer.event("response.\(kind).delta", of: index, delta(piece))
        for link in links {
            let annotation: JSONValue = [
                "type": "url_citation", "url": .string(link.url), "title": .string(link.title),
                "start_index": .integer(link.range.lowerBound), "end_index": .integer(link.range.upperBound),
            ]
            await writer.event(
                "response.output_text.annotation.added",
                of: index,
                [
                    "content_index": 0, "annotation_index": .integer(annotations.count), "annotation": annotation,
                ]
            )
            annotations.append(annotation)
        }
    }

    private mutating func begin(_ writer: ResponseWriter) async -> Int {
        if let index { return index }
        let index = await writer.add(item("in_progress", []))
        self.index = index
        await writer.event("response.content_part.added", of: index, ["content_index": 0, "part": part])
        return index
    }

    private var kind: String { form == .reasoning ? "reasoning_text" : "output_text" }

    private func delta(_ piece: String) -> JSONObject {
        form == .reasoning
            ? ["content_index": 0, "delta": .string(piece)]
            : ["content_index": 0, "delta": .string(piece), "logprobs": []]
    }

    private var done: JSONObject {
        form == .reasoning
            ? ["content_index": 0, "text": .string(text)]
            : ["content_index": 0, "text": .string(text), "logprobs": []]
    }

    private var part: JSONValue {
        form == .reasoning
            ? ["type": "reasoning_text", "text": .string(text)]
            : ["type": "output_text", "annotations": .array(annotations), "logprobs": [], "text": .string(text)]
    }

    private func item(_ status: String, _ content: [JSONValue]) -> JSONObject {
        switch form {
        case .reasoning:
            [
                "id": .string(id), "type": "reasoning", "summary": [], "content": .array(content),
                "status": .string(status),
            ]
        case .message(let phase):
            [
                "id": .string(id), "type": "message", "status": .string(status), "content": .array(content),
                "role": "assistant", "phase": .string(phase),
            ]
        }
    }
}
