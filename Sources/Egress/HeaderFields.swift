internal import NetworkAccess

/// The fields of a head, in order, with the bytes of their values as they came.
struct HeaderFields: Equatable, Sendable {
    private struct Field: Equatable {
        let name: String
        let value: ArraySlice<UInt8>
    }

    /// More than any client or server sends.
    static let countMax = 128

    /// Those that are about one connection and not about the message, but for the ones that frame it.
    private static let hopByHop: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-authentication-info", "proxy-authorization",
        "proxy-connection", "te", "upgrade",
    ]

    /// Those that `Connection` cannot name away.
    private static let kept: Set<String> = ["content-length", "transfer-encoding", "host"]

    private var fields: [Field] = []

    /// Reads lines without their ends; nil if one is not `name: value`, as a folded one is not.
    init?(lines: some Collection<ArraySlice<UInt8>>) {
        guard lines.count <= HeaderFields.countMax else { return nil }
        for line in lines {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let name = line[..<colon]
            guard !name.isEmpty, name.allSatisfy(\.isTokenByte) else { return nil }
            let value = line[(colon + 1)...].trimmingBlanks()
            guard value.allSatisfy(\.isFieldByte) else { return nil }
            fields.append(Field(name: String(decoding: name, as: UTF8.self), value: value))
        }
    }

    /// The values of every field of this name, which is in lower case.
    subscript(name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name }.map { String(decoding: $0.value, as: UTF8.self) }
    }

    /// Without what is about one connection.
    func endToEnd() -> HeaderFields {
        let named = self["connection"].flatMap { $0.split(separator: ",") }
            .map { $0.trimmingBlanks().lowercased() }
        let dropped = HeaderFields.hopByHop.union(Set(named).subtracting(HeaderFields.kept))
        return without(dropped)
    }

    func without(_ names: Set<String>) -> HeaderFields {
        var copy = self
        copy.fields.removeAll { names.contains($0.name.lowercased()) }
        return copy
    }

    /// As they go over the wire.
    var encoded: [UInt8] {
        fields.flatMap { field in Array(field.name.utf8) + Array(": ".utf8) + field.value + Array("\r\n".utf8) }
    }
}

extension UInt8 {
    /// What names and methods are made of.
    var isTokenByte: Bool { isLetter || isDigit || "!#$%&'*+-.^_`|~".utf8.contains(self) }

    /// What values are made of: no control but the tabulator, and so nothing that could end a line.
    var isFieldByte: Bool { self >= 0x20 && self != 0x7f || self == 0x09 }

    fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 }
}

extension ArraySlice<UInt8> {
    func trimmingBlanks() -> ArraySlice<UInt8> {
        guard let first = firstIndex(where: { !$0.isBlank }), let last = lastIndex(where: { !$0.isBlank }) else {
            return []
        }
        return self[first...last]
    }

    /// The lines of a head, which ends in an empty one; each ends in CRLF and holds no other control.
    func splitLines() -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var rest = self
        while let end = rest.firstIndex(of: 0x0d), end + 1 < rest.endIndex, rest[end + 1] == 0x0a, end > rest.startIndex
        {
            lines.append(rest[..<end])
            rest = rest[(end + 2)...]
        }
        return lines
    }
}

extension Substring {
    fileprivate func trimmingBlanks() -> String {
        String(decoding: Array(utf8)[...].trimmingBlanks(), as: UTF8.self)
    }
}
