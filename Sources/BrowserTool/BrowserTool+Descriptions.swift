internal import JSON
internal import MCP

extension BrowserTool.Function {
    /// What models were trained with, to the letter and in this order. Source: `tools/list` of the reference's MCP server.
    var description: ToolDescription {
        ToolDescription(
            name: rawValue,
            title: title,
            description: text,
            inputSchema: [
                "type": "object", "properties": parameters, "required": .array(required.map { .string($0) }),
            ],
            hints: ToolDescription.Hints(isReadOnly: true, isOpenWorld: true)
        )
    }

    private var title: String {
        switch self {
        case .search: "Search for information"
        case .open: "Open a link or page"
        case .find: "Find pattern in page"
        }
    }

    private var text: String {
        switch self {
        case .search: "Searches for information related to `query` and displays `topn` results."
        case .open:
            """
            Opens the link `id` from the page indicated by `cursor` starting at line number `loc`, showing `num_lines` lines.
            Valid link ids are displayed with the formatting: `【{id}†.*】`.
            If `cursor` is not provided, the most recent page is implied.
            If `id` is a string, it is treated as a fully qualified URL associated with `source`.
            If `loc` is not provided, the viewport will be positioned at the beginning of the document or centered on the \
            most relevant passage, if available.
            Use this function without `id` to scroll to a new location of an opened page.
            """
        case .find: "Finds exact matches of `pattern` in the current page, or the page given by `cursor`."
        }
    }

    private var parameters: JSONValue {
        let newest: JSONValue = ["type": "integer", "default": -1]
        let source: JSONValue = ["anyOf": [["type": "string"], ["type": "null"]], "default": .null]
        return switch self {
        case .search:
            [
                "query": ["type": "string"], "topn": ["type": "integer", "default": 10],
                "source": source,
            ]
        case .open:
            [
                "id": ["anyOf": [["type": "integer"], ["type": "string"]], "default": -1],
                "cursor": newest, "loc": newest, "num_lines": newest,
                "view_source": ["type": "boolean", "default": false], "source": source,
            ]
        case .find: ["pattern": ["type": "string"], "cursor": newest]
        }
    }

    private var required: [String] {
        switch self {
        case .search: ["query"]
        case .open: []
        case .find: ["pattern"]
        }
    }
}
