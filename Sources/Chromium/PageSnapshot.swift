internal import JSON

/// A page as Chromium lays it out: its elements and texts in order, with shadow trees in their places.
///
/// It is taken without asking any script, and has what a person sees: also what is in closed shadow trees, and of each
/// text whether it is displayed.
struct PageSnapshot: Sendable {
    /// The computed styles that are asked for, in this order.
    static let styles = ["visibility", "opacity", "font-size", "content-visibility"]

    struct Document: Sendable {
        let nodes: Nodes
        let layout: Layout
    }

    /// The nodes of a document, each after its parent; numbers are places in ``strings``, -1 for nothing.
    struct Nodes: Sendable {
        let parentIndex: [Int]
        let nodeType: [Int]
        let nodeName: [Int]
        let nodeValue: [Int]
        let attributes: [[Int]]
    }

    /// The nodes that are displayed, with the values of the styles that were asked for.
    struct Layout: Sendable {
        let nodeIndex: [Int]
        let styles: [[Int]]
    }

    /// The page, and the pages in its frames after it.
    let documents: [Document]
    let strings: [String]

    /// Reads the answer of `DOMSnapshot.captureSnapshot`; nil for anything else.
    init?(_ json: JSONValue) {
        guard let documents = json["documents"]?.all(Document.init), let strings = json["strings"]?.all(\.string) else {
            return nil
        }
        self.documents = documents
        self.strings = strings
    }

    /// Whether all numbers lead somewhere; a renderer that was taken over could say anything.
    var isSound: Bool {
        documents.allSatisfy { document in
            let nodes = document.nodes
            let count = nodes.parentIndex.count
            let isComplete = [
                nodes.nodeType.count, nodes.nodeName.count, nodes.nodeValue.count, nodes.attributes.count,
            ]
            .allSatisfy { $0 == count }
            guard isComplete, zip(nodes.parentIndex, 0...).allSatisfy({ $0 >= -1 && $0 < $1 }) else { return false }
            return nodes.nodeName.allSatisfy(strings.indices.contains)
                && nodes.nodeValue.allSatisfy { $0 < strings.count }
                && nodes.attributes.allSatisfy { $0.allSatisfy { $0 < strings.count } }
                && document.layout.nodeIndex.allSatisfy { $0 >= 0 }
                && document.layout.styles.allSatisfy { $0.allSatisfy { $0 < strings.count } }
        }
    }

    /// The page as HTML, without scripts and styles; what is not displayed has the attribute `hidden`.
    var html: String {
        guard let document = documents.first else { return "" }
        var writer = SnapshotWriter(
            document.nodes,
            visibility: SnapshotVisibility(document, strings),
            strings: strings
        )
        return writer.html()
    }
}

/// Which nodes of a page are displayed.
struct SnapshotVisibility {
    /// Whether the node, or anything in it, is displayed; or it is not known.
    private(set) var isShown: [Bool]
    /// Whether there are words in it.
    private(set) var hasText: [Bool]

    /// In these, displaying is a matter of their own: closed details, lists to choose from, parts of pictures and formulas.
    private static let ownMatters: Set<String> = [
        "details", "select", "datalist", "textarea", "svg", "math", "ruby", "head", "title",
    ]

    init(_ document: PageSnapshot.Document, _ strings: [String]) {
        let nodes = document.nodes
        let count = nodes.parentIndex.count
        isShown = Array(repeating: false, count: count)
        hasText = Array(repeating: false, count: count)
        // A page can have one long text many times.
        let isBlank = strings.map { $0.allSatisfy(\.isWhitespace) }
        let isOwn = strings.map { $0.utf8.count <= 16 && Self.ownMatters.contains($0.lowercased()) }
        var styles: [[Int]] = Array(repeating: [], count: count)
        for (index, values) in zip(document.layout.nodeIndex, document.layout.styles) where index < count {
            styles[index] = values
        }
        var isTransparent = Array(repeating: false, count: count)
        var isUnknown = Array(repeating: false, count: count)
        for index in 0..<count {
            let parent = nodes.parentIndex[index]
            let values = styles[index].map { $0 < 0 ? "" : strings[$0] }
            isTransparent[index] = (parent >= 0 && isTransparent[parent]) || (values.count > 1 && values[1] == "0")
            if parent >= 0 {
                let isDeferred =
                    styles[parent].count > 3 && styles[parent][3] >= 0 && strings[styles[parent][3]] != "visible"
                isUnknown[index] = isUnknown[parent] || isOwn[nodes.nodeName[parent]] || isDeferred
            }
            let isSeen = values.count > 2 && values[0] == "visible" && values[2] != "0px" && !isTransparent[index]
            isShown[index] = isUnknown[index] || isSeen
            if nodes.nodeType[index] == 3, nodes.nodeValue[index] >= 0 {
                hasText[index] = !isBlank[nodes.nodeValue[index]]
            }
        }
        for index in stride(from: count - 1, to: 0, by: -1) where nodes.parentIndex[index] >= 0 {
            let parent = nodes.parentIndex[index]
            isShown[parent] = isShown[parent] || isShown[index]
            hasText[parent] = hasText[parent] || hasText[index]
        }
    }

    /// Whether a node has words, and none of them is displayed.
    func hides(_ index: Int) -> Bool { hasText[index] && !isShown[index] }
}

/// Writes a snapshot as HTML.
private struct SnapshotWriter {
    private let nodes: PageSnapshot.Nodes
    private let visibility: SnapshotVisibility
    private let strings: [String]
    private var output = "<!DOCTYPE html>"
    /// From so many bytes on, the rest is left out: a page can have one long text many times.
    private static let bytesMax = 16 << 20
    /// Longer names and values are left out.
    private static let nameBytesMax = 64
    private static let valueBytesMax = 64 << 10
    private var openElements: [(node: Int, name: String)] = []
    /// Where what is left out began; nothing below it is written.
    private var leftOut: Int?
    /// Where what is hidden began; nothing below it needs to say so again.
    private var hidden: Int?

    /// These have nothing for a reader; scripts do where they are data.
    private static let leftOutNames: Set<String> = ["style", "noscript", "template", "link", "noembed", "noframes"]
    private static let voidNames: Set<String> = [
        "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "source", "track",
        "wbr",
    ]
    /// Names whose content a parser would read as text.
    private static let renamed = ["xmp": "pre", "listing": "pre", "plaintext": "pre"]

    init(_ nodes: PageSnapshot.Nodes, visibility: SnapshotVisibility, strings: [String]) {
        self.nodes = nodes
        self.visibility = visibility
        self.strings = strings
    }

    mutating func html() -> String {
        for index in nodes.parentIndex.indices {
            guard output.utf8.count < Self.bytesMax else { break }
            close(downTo: nodes.parentIndex[index])
            guard leftOut == nil else {
                openElements.append((index, ""))
                continue
            }
            switch nodes.nodeType[index] {
            case 1: writeElement(index)
            case 3: writeText(index)
            default: openElements.append((index, ""))
            }
        }
        close(downTo: -1)
        return output
    }

    /// Ends the elements within `parent`.
    private mutating func close(downTo parent: Int) {
        while let (node, name) = openElements.last, node != parent {
            if !name.isEmpty { output += "</\(name)>" }
            if leftOut == node { leftOut = nil }
            if hidden == node { hidden = nil }
            openElements.removeLast()
        }
    }

    private mutating func writeElement(_ index: Int) {
        let own = strings[nodes.nodeName[index]]
        let lowered = own.utf8.count <= Self.nameBytesMax ? own.lowercased() : "span"
        let name = Self.renamed[lowered] ?? lowered
        let attributes = attributes(of: index)
        let isScript = name == "script" && attributes["type"]?.contains("json") != true
        guard !isScript, !Self.leftOutNames.contains(name), !name.hasPrefix("::") else {
            leftOut = index
            openElements.append((index, ""))
            return
        }
        let hides =
            hidden == nil && !["html", "head", "body"].contains(name) && name != "script" && visibility.hides(index)
        output += "<\(name)"
        for (key, value) in attributes.sorted(by: { $0.key < $1.key }) where isTrue(key, value, of: index) {
            output += " \(key)=\"\(Self.escaped(value, inAttribute: true))\""
        }
        if hides {
            hidden = index
            output += " hidden=\"\""
        }
        output += ">"
        openElements.append((index, Self.voidNames.contains(name) ? "" : name))
    }

    private mutating func writeText(_ index: Int) {
        openElements.append((index, ""))
        guard nodes.nodeValue[index] >= 0 else { return }
        let text = strings[nodes.nodeValue[index]]
        let parent = openElements.dropLast().last?.name
        if parent == "script" {
            output += text.replacing("</", with: "<\\/")
        } else if hidden == nil, parent != "title", visibility.hides(index) {
            output += "<span hidden=\"\">\(Self.escaped(text))</span>"
        } else {
            output += Self.escaped(text)
        }
    }

    private func attributes(of index: Int) -> [String: String] {
        let pairs = nodes.attributes[index]
        var result: [String: String] = [:]
        for start in stride(from: 0, to: pairs.count - 1, by: 2) where pairs[start] >= 0 {
            let name = strings[pairs[start]]
            let value = pairs[start + 1] < 0 ? "" : strings[pairs[start + 1]]
            guard name.utf8.count <= Self.nameBytesMax, value.utf8.count <= Self.valueBytesMax else { continue }
            result[name] = value
        }
        return result
    }

    /// Whether an attribute still says what is displayed: scripts and animations have the last word of hiding.
    private func isTrue(_ key: String, _ value: String, of index: Int) -> Bool {
        switch key {
        case "hidden": false
        case "style": !["display", "visibility", "opacity"].contains { value.contains($0) }
        default: key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_:.".contains($0)) }
        }
    }

    private static func escaped(_ text: String, inAttribute: Bool = false) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case "\"" where inAttribute: result += "&quot;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}

extension PageSnapshot.Document {
    fileprivate init?(_ json: JSONValue) {
        guard let nodes = json["nodes"], let layout = json["layout"],
            let parentIndex = nodes["parentIndex"]?.integers, let nodeType = nodes["nodeType"]?.integers,
            let nodeName = nodes["nodeName"]?.integers, let nodeValue = nodes["nodeValue"]?.integers,
            let attributes = nodes["attributes"]?.all(\.integers),
            let nodeIndex = layout["nodeIndex"]?.integers, let styles = layout["styles"]?.all(\.integers)
        else { return nil }
        self.nodes = PageSnapshot.Nodes(
            parentIndex: parentIndex,
            nodeType: nodeType,
            nodeName: nodeName,
            nodeValue: nodeValue,
            attributes: attributes
        )
        self.layout = PageSnapshot.Layout(nodeIndex: nodeIndex, styles: styles)
    }
}

extension JSONValue {
    /// What `read` makes of each element; nil unless it makes something of all.
    fileprivate func all<Element>(_ read: (JSONValue) -> Element?) -> [Element]? {
        guard let array else { return nil }
        let elements = array.compactMap(read)
        return elements.count == array.count ? elements : nil
    }

    fileprivate var integers: [Int]? { all(\.integer) }
}
