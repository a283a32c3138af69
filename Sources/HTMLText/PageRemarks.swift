internal import PythonText

/// What is said after the text of a page: that much of it is hidden, and what an empty one says of itself.
enum PageRemarks {
    /// A page with fewer letters shows what it says of itself.
    private static let sparseLettersMax = 100
    /// How much of its structured data is shown, in bytes.
    private static let dataBytesMax = 8192

    /// `shown`, the text of an edited page, with what is to be said after it.
    static func text(_ shown: [UInt8], of editor: LinkEditor, fixes: HTMLFixes) -> [UInt8] {
        var text = shown
        let letters = text.count { $0 > 0x20 }
        var remarks: [[UInt8]] = []
        if fixes.contains(.showsMetadata), letters < sparseLettersMax {
            remarks += metadata(in: editor.tape, beside: text)
        }
        let isMuch = PageStructure.isMuch(hidden: editor.hiddenLetters, shown: letters)
        if fixes.contains(.tellsHiddenText), isMuch {
            let sentence =
                "[This page hides about \(editor.hiddenLetters) characters of text, which are not shown here.]"
            remarks.append(Array(sentence.utf8))
        }
        for remark in remarks {
            if !text.isEmpty { text += [0x0A, 0x0A] }
            text += remark
        }
        return fixes.contains(.dropsInvisibleCharacters) ? InvisibleCharacters.removed(from: text) : text
    }

    /// The description and the structured data of a page, each on a line.
    private static func metadata(in tape: Tape, beside text: [UInt8]) -> [[UInt8]] {
        var description: [UInt8] = []
        var data: [[UInt8]] = []
        for index in tape.events.indices where tape.events[index].kind == .open {
            switch tape.events[index].tag {
            case .meta:
                guard description.isEmpty, isDescription(at: index, in: tape) else { continue }
                description = line(tape.value(of: .content, at: index) ?? [])
            case .script:
                guard tape.value(of: .type, at: index)?.elementsEqual("application/ld+json".utf8) == true else {
                    continue
                }
                let content = tape.events[index + 1]
                guard content.kind == .text else { continue }
                data.append(line(tape.text[Int(content.first)..<Int(content.second)]))
            default: break
            }
        }
        if !description.isEmpty, text.firstIndex(of: description, from: 0) == nil { data.insert(description, at: 0) }
        return data
    }

    private static func isDescription(at index: Int, in tape: Tape) -> Bool {
        let name = tape.value(of: .name, at: index) ?? tape.value(of: .property, at: index) ?? []
        let lowered = LetterCase.lowered(Array(name))
        return ["description", "og:description", "twitter:description"].contains { lowered.elementsEqual($0.utf8) }
    }

    /// `content` on one line, cut where it is too long.
    private static func line(_ content: ArraySlice<UInt8>) -> [UInt8] {
        let all = Array(Whitespace.stripped(Array(content)))
        var end = min(all.count, dataBytesMax)
        while end < all.count, all[end] & 0xC0 == 0x80 { end -= 1 }
        return EmptyLines.blanks(in: all, 0..<end)
    }
}
