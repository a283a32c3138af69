internal import PythonText

/// Turns the citations of a model, `【6†L9-L11】`, into links to the pages they cite, while the text comes in.
///
/// ```swift
/// var resolver = CitationResolver(pageURLs: browser.citedURLs)
/// for piece in stream { show(resolver.feed(piece)) }
/// show(resolver.finish())
/// ```
public struct CitationResolver: Sendable {
    /// A link that a citation became.
    public struct Annotation: Equatable, Sendable {
        /// Where the link is in all text that was given out, in Unicode scalars.
        public let range: Range<Int>
        /// The host of the page.
        public let title: String
        /// The page.
        public let url: String
        /// The lines cited, if the citation says.
        public let lines: ClosedRange<Int>?
    }

    /// Text to show, with the links in it.
    public struct Output: Equatable, Sendable {
        /// What comes next.
        public var text = ""
        /// The links that are in `text`, in its order.
        public var annotations: [Annotation] = []
    }

    /// The resource of a session in which the browser tool lists the URL of each cursor by its number, as JSON.
    public static let resourceURI = "browser:///citations.json"

    /// The longest beginning of a citation that is held back, in bytes; what is longer is text.
    public static let heldBytesMax = 4096

    /// More cursors than any session has: what others say is bounded.
    private static let cursorsMax = 1_000_000

    /// The URLs of the pages that the cursors stand for, from cursor 0 on; searches have none.
    public var pageURLs: [String]
    /// Whether a citation that does not end is left out, not shown as it is.
    public var hidesPartial: Bool

    private var held: [UInt8] = []
    private var scalarCount = 0

    /// A resolver at the beginning of a text.
    public init(pageURLs: [String], hidesPartial: Bool = false) {
        self.pageURLs = pageURLs
        self.hidesPartial = hidesPartial
    }

    /// A resolver at the beginning of a text, with what `dev.harmonium/citations` says: the URL of each cursor by its
    /// number. What is no number is left out.
    public init(citations: [String: String], hidesPartial: Bool = false) {
        let cursors = citations.keys.compactMap { Int($0) }.filter { (0..<Self.cursorsMax).contains($0) }
        let pageURLs = (0..<(cursors.max() ?? -1) + 1).map { citations["\($0)"] ?? "" }
        self.init(pageURLs: pageURLs, hidesPartial: hidesPartial)
    }

    /// Whether what came so far ends in the beginning of a citation, which is held back.
    public var hasPartial: Bool { !held.isEmpty }

    /// Takes the next piece of the text, and gives out what is sure by now.
    public mutating func feed(_ piece: String) -> Output {
        let bytes = held + Array(piece.utf8)
        var end = TrailingPart(in: bytes, from: 0)?.start ?? bytes.count
        if bytes.count - end > Self.heldBytesMax { end = bytes.count }
        held = Array(bytes[end...])
        return resolved(bytes, 0..<end)
    }

    /// Ends the text, and gives out what is left.
    public mutating func finish() -> Output {
        let rest = held
        held = []
        guard hidesPartial else { return resolved(rest, 0..<rest.count) }
        let end = TrailingPart(in: rest, from: 0)?.end ?? 0
        return resolved(rest, end..<rest.count)
    }

    private mutating func resolved(_ bytes: [UInt8], _ range: Range<Int>) -> Output {
        var shown: [UInt8] = []
        var annotations: [Annotation] = []
        var (start, index) = (range.lowerBound, range.lowerBound)
        while index < range.upperBound {
            guard bytes[index] == 0xE3, let link = Link(in: bytes, at: index, before: range.upperBound) else {
                index += 1
                continue
            }
            if let url = url(of: bytes[link.number]) {
                shown += bytes[start..<index]
                let domain = Self.domain(of: url)
                let replacement = Array(" ([\(Self.label(domain))](\(Self.target(url)))) ".utf8)
                let first = scalarCount + shown.scalarCount
                annotations.append(
                    Annotation(
                        range: first..<first + replacement.scalarCount,
                        title: domain,
                        url: url,
                        lines: Self.lines(in: bytes[link.content])
                    )
                )
                shown += replacement
                start = link.end
            }
            index = link.end
        }
        shown += bytes[start..<range.upperBound]
        scalarCount += shown.scalarCount
        return Output(text: String(decoding: shown, as: UTF8.self), annotations: annotations)
    }

    /// The page of a cursor, in canonical form: `01` is not a cursor.
    private func url(of number: ArraySlice<UInt8>) -> String? {
        guard let cursor = Int(String(decoding: number, as: UTF8.self)), "\(cursor)".utf8.elementsEqual(number),
            cursor < pageURLs.count, !pageURLs[cursor].isEmpty
        else { return nil }
        return pageURLs[cursor]
    }

    /// `url` as the target of a Markdown link, which a bracket, a blank or a line's end would close too soon.
    private static func target(_ url: String) -> String {
        let escaped = PercentEncoding.escape(Array(url.utf8)) { byte in
            byte <= 0x20 || byte == 0x7F || #"()<>\"#.utf8.contains(byte)
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    /// `domain` as the text of a Markdown link: the brackets of an address of version 6 do not end it.
    private static func label(_ domain: String) -> String {
        String(domain.flatMap { #"[]\"#.contains($0) ? ["\\", $0] : $0.isNewline ? [" "] : [$0] })
    }

    private static func domain(of url: String) -> String {
        let parts = PercentEncoding.unquote(Array(url.utf8)).split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        return parts.count > 2 ? String(decoding: parts[2], as: UTF8.self) : url
    }

    /// `L9-L11`, or `L9` alone.
    private static func lines(in content: ArraySlice<UInt8>) -> ClosedRange<Int>? {
        let parts = content.split(separator: UInt8(ascii: "-"), maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = parts.map { part in
            part.first == UInt8(ascii: "L") ? Int(String(decoding: part.dropFirst(), as: UTF8.self)) : nil
        }
        guard let first = numbers[0], let last = numbers[numbers.count - 1], first >= 0, first <= last else {
            return nil
        }
        return first...last
    }
}
