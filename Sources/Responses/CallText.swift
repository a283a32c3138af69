internal import JSON
internal import MCP

/// A call of `container.exec` or `container.feed_chars` as one line of a shell, for people.
struct ShellCommand: Sendable {
    let text: String

    /// Reads the arguments; what is no such call stands as it is.
    init(arguments: String) {
        let members = (try? ArgumentText(reading: arguments))?.members
        if let words = members?["cmd"]?.array?.compactMap(\.string), !words.isEmpty {
            text = words.map(Self.quoted).joined(separator: " ")
        } else {
            text = members?["cmd"]?.string ?? members?["chars"]?.string ?? arguments
        }
    }

    /// A word as a shell reads it back.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "-_./=:,@%+".utf8.contains(byte)
        }
        return isPlain && !word.isEmpty
            ? word : "'\(word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#))'"
    }
}

/// A call of the browser as the action of a `web_search_call`.
struct SearchAction: Sendable {
    let json: JSONValue

    /// Reads the arguments of the tool `name`, the full one such as `browser.open`.
    init(of name: String, arguments: String) {
        let members = (try? ArgumentText(reading: arguments))?.members ?? [:]
        let text = { (value: JSONValue?) -> JSONValue in
            .string(value?.string ?? value.map(\.description) ?? "")
        }
        switch name {
        case "browser.open": json = ["type": "open_page", "url": text(members["id"] ?? members["url"])]
        case "browser.find":
            json = [
                "type": "find_in_page", "pattern": text(members["pattern"]), "url": text(members["cursor"]),
            ]
        default: json = ["type": "search", "query": text(members["query"])]
        }
    }
}

/// The ids of responses and items.
enum ItemID {
    /// An id that cannot be guessed: a prefix and 160 random bits in hexadecimal digits.
    static func make(_ prefix: String) -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = (0..<5).map { _ in
            let word = String(UInt32.random(in: .min ... .max, using: &generator), radix: 16)
            return String(repeating: "0", count: 8 - word.count) + word
        }
        return "\(prefix)_\(digits.joined())"
    }
}
