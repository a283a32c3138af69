/// What `urlsplit` wants of a host in brackets: an address of IPv6, or of a version to come.
enum BracketedHost {
    static func check(_ authority: [UInt8]) throws(URLReference.Malformed) {
        let opening = authority.firstIndex(of: UInt8(ascii: "["))
        let closing = authority.firstIndex(of: UInt8(ascii: "]"))
        guard (opening == nil) == (closing == nil) else { throw .init(message: "Invalid IPv6 URL") }
        guard let opening else { return }
        let inside = authority[(opening + 1)...]
        let host = inside.prefix(upTo: inside.firstIndex(of: UInt8(ascii: "]")) ?? inside.endIndex)
        let text = String(decoding: host, as: UTF8.self)
        if host.first == UInt8(ascii: "v") {
            guard isFutureAddress(host.dropFirst()) else { throw .init(message: "IPvFuture address is invalid") }
        } else if isVersion4(host) {
            throw .init(message: "An IPv4 address cannot be in brackets")
        } else if !isVersion6(host) {
            throw .init(message: "'\(text)' does not appear to be an IPv4 or IPv6 address")
        }
    }

    /// Hexadecimal digits, a dot, and something.
    private static func isFutureAddress(_ rest: ArraySlice<UInt8>) -> Bool {
        guard let dot = rest.firstIndex(of: UInt8(ascii: ".")), dot > rest.startIndex, dot + 1 < rest.endIndex else {
            return false
        }
        return rest[..<dot].allSatisfy(isHexadecimal) && !rest[(dot + 1)...].contains(UInt8(ascii: "\n"))
    }

    private static func isVersion4(_ host: ArraySlice<UInt8>) -> Bool {
        let parts = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
                    && (part.count == 1 || part.first != UInt8(ascii: "0"))
                    && part.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 255
            }
    }

    private static func isVersion6(_ host: ArraySlice<UInt8>) -> Bool {
        var address = host
        if let percent = host.firstIndex(of: UInt8(ascii: "%")) {
            let zone = host[(percent + 1)...]
            guard !zone.isEmpty, !zone.contains(UInt8(ascii: "%")) else { return false }
            address = host[..<percent]
        }
        var parts = address.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return false }
        if let last = parts.last, last.contains(UInt8(ascii: ".")) {
            guard isVersion4(last) else { return false }
            parts[parts.count - 1] = [UInt8(ascii: "0")]
            parts.append([UInt8(ascii: "0")])
        }
        guard parts.count <= 9 else { return false }
        return isLayout(parts)
            && parts.allSatisfy { $0.isEmpty || ($0.count <= 4 && $0.allSatisfy(isHexadecimal)) }
    }

    /// Eight groups, or fewer with `::` once.
    private static func isLayout(_ parts: [ArraySlice<UInt8>]) -> Bool {
        let gaps = parts.indices.dropFirst().dropLast().filter { parts[$0].isEmpty }
        guard gaps.count <= 1 else { return false }
        guard let gap = gaps.first else {
            return parts.count == 8 && parts.first?.isEmpty == false && parts.last?.isEmpty == false
        }
        var before = gap
        var after = parts.count - gap - 1
        if parts.first?.isEmpty == true {
            before -= 1
            if before > 0 { return false }
        }
        if parts.last?.isEmpty == true {
            after -= 1
            if after > 0 { return false }
        }
        return before + after < 8
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
    }
}
