/// Which start tag ends which open element, as libxml2 2.14 has it (its `htmlStartClose`; MIT license).
struct ClosingRules: Sendable {
    static let standard = ClosingRules()

    /// Two words of bits for each known tag: the start tags that end it.
    private let words: [UInt64]

    /// Whether `opening` ends an element `open` that it stands in.
    func closes(_ open: Tag, before opening: Tag) -> Bool {
        guard open.isKnown, opening.isKnown else { return false }
        return words[Int(open.number) * 2 + Int(opening.number >> 6)] >> UInt64(opening.number & 63) & 1 == 1
    }

    private init() {
        precondition(Tag.names.count <= 128, "\(Tag.names.count) known tags")
        var words = Array(repeating: UInt64(0), count: Tag.names.count * 2)
        for line in Self.table.split(separator: "\n") {
            let parts = line.split(separator: ":")
            for open in parts[0].split(separator: " ").map(Tag.known) {
                for opening in parts[1].split(separator: " ").map(Tag.known) {
                    words[Int(open.number) * 2 + Int(opening.number >> 6)] |= 1 << UInt64(opening.number & 63)
                }
            }
        }
        self.words = words
    }

    /// Open elements, a colon, the start tags that end them.
    private static let table = """
        a: a fieldset table td th
        address: dd dl dt form li ul
        b: center p td th
        big s small strike tt: p
        caption col: col colgroup tbody tfoot thead tr
        colgroup: colgroup tbody tfoot thead tr
        dd: dt
        dir: dd dl dt form ul
        dl: form li
        dt: dd dl
        font: center td th
        form hr ol: form
        h1 h2 h3 h4 h5 h6: fieldset form li p table
        head: a abbr acronym address b bdo big blockquote body br center cite code dd dfn dir div dl dt em fieldset
        head: font form frameset h1 h2 h3 h4 h5 h6 hr i iframe img kbd li listing map menu ol p pre q s samp small span
        head: strike strong sub sup table tt u ul var xmp
        i u: p td th
        i: center
        legend: fieldset
        li: li
        link style title: body frameset
        listing pre xmp: dd dl dt fieldset form li table ul
        menu: dd dl dt form ul
        option: optgroup option
        p: address blockquote body caption center col colgroup dd dir div dl dt fieldset form frameset h1 h2 h3 h4 h5
        p: h6 head hr li listing menu ol p pre table tbody td tfoot th title tr ul xmp
        script: noscript
        span: td th
        tbody thead: tbody tfoot
        td th: tbody td tfoot th tr
        tfoot: tbody
        tr: tbody tfoot tr
        ul: address form menu pre
        """
}
