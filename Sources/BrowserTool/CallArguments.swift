internal import Browsing
internal import JSON
internal import MCP

/// The arguments of a call by the names that its function has for them, whatever a model called them.
///
/// What could mean a page, a line or a form of display and is not understood is refused: it would show the wrong one.
struct CallArguments {
    /// Why a call is not carried out, as a sentence for the model.
    struct Refusal: Error {
        let text: String
    }

    private let function: BrowserTool.Function
    private var values: JSONObject = [:]

    /// Reads what was `written`.
    init(_ written: JSONObject, of function: BrowserTool.Function) throws(Refusal) {
        self.function = function
        var names: [String: String] = [:]
        for member in written {
            let name = member.name
            let value = member.value.onlyElement
            guard let parameter = function.parameter(called: name) else {
                if function.refuses(name, value, besides: written) { throw unknown(name) }
                continue
            }
            if let other = names[parameter], let before = values[parameter], before != value, !before.isNothing {
                if value.isNothing { continue }
                throw Refusal(
                    text: "`\(other)` and `\(name)` mean the same to \(function.rawValue) and say two things: write "
                        + "`\(parameter)` alone."
                )
            }
            values[parameter] = value
            names[parameter] = name
        }
    }

    /// An argument whose kinds the browser distinguishes; the newest page, or the page itself, where there is none.
    subscript(name: String) -> BrowsingArgument { BrowsingArgument(values[name]) }

    /// A text that there has to be, also a number without quotes.
    func text(_ name: String, meaning: String) throws(Refusal) -> String {
        switch values[name] {
        case .string(let value): return value
        case .integer(let value): return String(value)
        case .number(let value): return String(value)
        case nil, .null, .bool, .unsigned, .array, .object:
            throw Refusal(text: "\(function.rawValue) takes a string, \"\(name)\": \(meaning).")
        }
    }

    /// The line to begin at and how many to show, -1 each where nothing is said.
    func lines() throws(Refusal) -> (first: Int, count: Int) {
        let count = try number("num_lines", meaning: "how many lines to show, as in `20`")
        if let lines = self["loc"].lineNumbers {
            return (lines.first, count == -1 && lines.last > lines.first ? lines.last - lines.first + 1 : count)
        }
        return (try number("loc", meaning: "the number of the line to begin at, as in `30`"), count)
    }

    /// Whether `name` is said to be so.
    func truth(_ name: String) throws(Refusal) -> Bool {
        guard let value = values[name], !value.isNothing else { return false }
        switch self[name].shown.lowercased() {
        case "true", "yes", "on", "t", "y", "1", "1.0": return true
        case "false", "no", "off", "f", "n", "0", "0.0", "none", "null": return false
        default: throw Refusal(text: "`\(name)` is `true` or `false`, not `\(self[name].shown)`.")
        }
    }

    private func number(_ name: String, meaning: String) throws(Refusal) -> Int {
        guard let value = values[name], !value.isNothing else { return -1 }
        guard let number = self[name].wholeNumber else {
            throw Refusal(text: "`\(name)` is \(meaning), not `\(self[name].shown)`.")
        }
        return number
    }

    private func unknown(_ name: String) -> Refusal {
        let names = function.readParameters.map { "`\($0.name)`" }
        let list = names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
        return Refusal(text: "\(function.rawValue) takes \(list), and not `\(BrowsingArgument.text(name).shown)`.")
    }
}

extension BrowserTool.Function {
    /// What a function takes: its name for it, and what models call it instead, in lower case without underscores.
    struct Parameter {
        let name: String
        let otherNames: Set<String>

        init(_ name: String, _ otherNames: Set<String> = []) {
            self.name = name
            self.otherNames = otherNames
        }
    }

    var readParameters: [Parameter] {
        switch self {
        case .search: [Self.query]
        case .open: [Self.id, Self.cursor, Self.line, Self.lineCount, Self.viewsSource]
        case .find: [Self.pattern, Self.cursor]
        }
    }

    /// Whether a call is not to be carried out for an argument that the function does not have.
    ///
    /// A search shows the same whatever else is said, and `source` names one of several webs beside an `id`.
    func refuses(_ name: String, _ value: JSONValue, besides written: JSONObject) -> Bool {
        let isKnown = self == .search || name == "source" && (self == .find || written["id"]?.isNothing == false)
        return !isKnown && value.isPlace
    }

    /// The function's own name for what a model calls `name`.
    func parameter(called name: String) -> String? {
        let plain = name.lowercased().filter { $0.isLetter || $0.isNumber }
        return readParameters.first { $0.name == name || $0.name.filter { $0 != "_" } == plain }?.name
            ?? readParameters.first { $0.otherNames.contains(plain) }?.name
    }

    private static let query = Parameter(
        "query",
        [
            "q", "queries", "question", "searchquery", "searchterm", "searchterms", "search", "keyword", "keywords",
            "text",
        ]
    )
    private static let id = Parameter("id", ["url", "uri", "href", "link", "linkid", "linkurl", "pageurl", "target"])
    private static let cursor = Parameter("cursor", ["cursorid", "pagecursor", "pagecursorid"])
    private static let line = Parameter(
        "loc",
        ["line", "lineno", "linenumber", "linestart", "startline", "location", "firstline", "fromline"]
    )
    private static let lineCount = Parameter(
        "num_lines",
        ["lines", "linecount", "nlines", "numberoflines", "maxlines"]
    )
    private static let viewsSource = Parameter("view_source", ["showsource", "rawsource", "viewhtml"])
    private static let pattern = Parameter(
        "pattern",
        ["text", "query", "q", "search", "searchtext", "searchterm", "string", "phrase", "term", "keyword", "find"]
    )
}

extension BrowsingArgument {
    /// An argument as a model wrote it; what is not there is the newest.
    fileprivate init(_ json: JSONValue?) {
        self =
            switch json {
            case nil: .integer(-1)
            case .null: .null
            case .integer(let value): .integer(value)
            case .unsigned(let value): .number(Double(value))
            case .number(let value): .number(value)
            case .string(let value): .text(value)
            case .bool(let value): .truth(value)
            case .array: .list
            case .object: .object
            }
    }

    /// The lines that a text names as displays do.
    fileprivate var lineNumbers: LineNumbers? {
        if case .text(let text) = self { LineNumbers(text) } else { nil }
    }
}

extension JSONValue {
    /// What is in a list of one, which models write for the thing itself.
    fileprivate var onlyElement: JSONValue {
        if case .array(let values) = self, values.count == 1 { values[0] } else { self }
    }

    /// Whether this stands for nothing: null, blanks, and the -1 that is the default of every number.
    fileprivate var isNothing: Bool { BrowsingArgument(self).isBlank || BrowsingArgument(self).wholeNumber == -1 }

    /// Whether a name that is not known could have meant a page, a line or a form of display by this.
    fileprivate var isPlace: Bool {
        switch self {
        case .integer, .unsigned, .number: !isNothing
        case .bool(let value): value
        case .string: !isNothing && BrowsingArgument(self).isPlace
        case .array(let values): !values.isEmpty
        case .object(let members): !members.isEmpty
        case .null: false
        }
    }
}
