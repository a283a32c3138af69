import LinuxSystem

/// A user and a group of the session, as its own `/etc/passwd` and `/etc/group` have them. Those are the session's: a claim.
struct Account {
    /// The one that every session has, whatever its files say.
    private static let root = Account(user: 0, group: 0)

    let user: UInt32
    let group: UInt32
    /// What a user other than root is called; nil where no line says.
    private(set) var name: String?
    /// The home directory of a user other than root; nil where no line says.
    private(set) var home: String?

    private init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }

    /// Reads `NAME`, `UID`, `NAME:GROUP` and the like; empty is root. Nil if there is no such user or group.
    init?(_ text: [UInt8]) {
        guard !text.isEmpty else {
            self = .root
            return
        }
        let parts = text.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let name = parts.first.map { $0.isEmpty ? "root" : $0 } ?? "root"
        let entry = Account.line(of: name, in: "/etc/passwd")
        let number = UInt32(name) ?? entry.flatMap { $0.count > 3 ? UInt32($0[2]) : nil }
        guard let user = number ?? (name == "root" ? 0 : nil), user != Account.unchanged else { return nil }
        let ownGroup = entry.flatMap { $0.count > 3 ? UInt32($0[3]) : nil } ?? user
        if parts.count == 2 {
            let line = Account.line(of: parts[1], in: "/etc/group")
            guard let group = UInt32(parts[1]) ?? line.flatMap({ $0.count > 2 ? UInt32($0[2]) : nil }) else {
                return nil
            }
            self.group = group
        } else {
            group = ownGroup
        }
        guard group != Account.unchanged else { return nil }
        self.user = user
        guard user != 0, let entry else { return }
        self.name = String(entry[0])
        home = entry.count > 5 && entry[5].hasPrefix("/") ? String(entry[5]) : nil
    }

    /// What is no number of a user or group: it asks the kernel to leave things as they are.
    private static let unchanged = UInt32.max

    /// The fields of the line that begins with `name`, or has it as its number.
    private static func line(of name: String, in path: String) -> [Substring]? {
        let lines = (try? Files.readRegularText(path))?.split(separator: "\n") ?? []
        return lines.lazy.map { $0.split(separator: ":", omittingEmptySubsequences: false) }
            .first { $0.count > 2 && ($0[0] == name || $0[2] == name) }
    }
}
