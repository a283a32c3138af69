internal import SandboxProtocol

/// A program to run in a container session, as `execve(2)` takes it.
///
/// Words are bytes: they need not be text, and have no byte 0.
public struct Command: Equatable, Sendable {
    /// The most that arguments and environment have together, in bytes, as the kernel counts them: a byte 0 after each.
    public static let wordsBytesMax = 200_000
    /// The longest working directory and user, in bytes.
    public static let pathBytesMax = 4096

    /// The program and its arguments, at least one.
    public let arguments: [[UInt8]]
    /// What the command's environment has beside the session's, as `NAME=value`; a name that both have is the command's.
    public let environment: [[UInt8]]
    /// Where it starts; empty for the session's default.
    public let workingDirectory: [UInt8]
    /// The name or the number of its user in the session, and after a `:` that of its group; empty for the session's default.
    public let user: [UInt8]
    /// The size of its pseudo-terminal; nil for a pipe, with standard output and error in one.
    public let terminal: TerminalSize?
    /// How long it may run until it is stopped, in milliseconds; 0 for as long as the session lives.
    public let timeLimitMilliseconds: UInt32
    /// Once it has written more than this many bytes, all it writes is kept in a file of the session; 0 keeps nothing.
    public let keptBeyondBytes: UInt32

    /// Nil if a word has a byte 0, there is no program, an entry of the environment has no name, or something is too long.
    public init?(
        _ arguments: [[UInt8]],
        environment: [[UInt8]] = [],
        workingDirectory: [UInt8] = [],
        user: [UInt8] = [],
        terminal: TerminalSize? = nil,
        timeLimitMilliseconds: UInt32 = 0,
        keptBeyondBytes: UInt32 = 0
    ) {
        let words = arguments + environment
        guard arguments.first?.isEmpty == false,
            words.reduce(0, { $0 + $1.count + 1 }) <= Command.wordsBytesMax,
            (words + [workingDirectory, user]).allSatisfy({ !$0.contains(0) }),
            environment.allSatisfy({ $0.firstIndex(of: UInt8(ascii: "=")).map { $0 > 0 } ?? false }),
            [workingDirectory, user].allSatisfy({ $0.count <= Command.pathBytesMax })
        else { return nil }
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.user = user
        self.terminal = terminal
        self.timeLimitMilliseconds = timeLimitMilliseconds
        self.keptBeyondBytes = keptBeyondBytes
    }
}

/// How many characters a terminal shows.
public struct TerminalSize: Equatable, Sendable {
    /// Lines, at least 1.
    public let rows: UInt16
    /// Characters in a line, at least 1.
    public let columns: UInt16

    /// Nil if one of both is 0.
    public init?(rows: UInt16, columns: UInt16) {
        guard rows > 0, columns > 0 else { return nil }
        self.rows = rows
        self.columns = columns
    }
}

/// On the wire: rows and columns as `UInt16`, both 0 without a terminal; the time limit and the bytes beyond which output is
/// kept as `UInt32`; the working directory and the user; the number of arguments as `UInt32`, the arguments, and the environment up to the end. Each of these is its
/// length as `UInt32` and its bytes.
extension Command {
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(terminal?.rows ?? 0)
        bytes.appendLittleEndian(terminal?.columns ?? 0)
        bytes.appendLittleEndian(timeLimitMilliseconds)
        bytes.appendLittleEndian(keptBeyondBytes)
        bytes.append(word: workingDirectory)
        bytes.append(word: user)
        bytes.appendLittleEndian(UInt32(arguments.count))
        for word in arguments + environment { bytes.append(word: word) }
        return bytes
    }

    /// Nil if the bytes are not what ``encoded`` gives for a command.
    init?(encoded bytes: ArraySlice<UInt8>) {
        var rest = bytes
        guard let rows = rest.takeNumber(UInt16.self), let columns = rest.takeNumber(UInt16.self),
            let timeLimit = rest.takeNumber(UInt32.self), let keptBeyond = rest.takeNumber(UInt32.self),
            let directory = rest.takeWord(), let user = rest.takeWord(), let count = rest.takeNumber(UInt32.self)
        else { return nil }
        let terminal = TerminalSize(rows: rows, columns: columns)
        guard terminal != nil || (rows == 0 && columns == 0) else { return nil }
        var words: [[UInt8]] = []
        while !rest.isEmpty {
            guard let word = rest.takeWord() else { return nil }
            words.append(word)
        }
        guard words.count >= Int(count) else { return nil }
        self.init(
            Array(words.prefix(Int(count))),
            environment: Array(words.dropFirst(Int(count))),
            workingDirectory: directory,
            user: user,
            terminal: terminal,
            timeLimitMilliseconds: timeLimit,
            keptBeyondBytes: keptBeyond
        )
    }
}

extension [UInt8] {
    fileprivate mutating func append(word: [UInt8]) {
        appendLittleEndian(UInt32(word.count))
        append(contentsOf: word)
    }
}

extension ArraySlice<UInt8> {
    /// Takes a little-endian number from the front; nil if there are too few bytes.
    mutating func takeNumber<Value: FixedWidthInteger>(_ type: Value.Type) -> Value? {
        guard let bytes = take(Value.bitWidth / 8) else { return nil }
        return bytes.littleEndian(type, at: 0)
    }

    /// Takes a length and as many bytes from the front; nil if there are too few.
    fileprivate mutating func takeWord() -> [UInt8]? {
        takeNumber(UInt32.self).flatMap { take(Int($0)) }
    }

    private mutating func take(_ count: Int) -> [UInt8]? {
        guard self.count >= count else { return nil }
        defer { removeFirst(count) }
        return Array(prefix(count))
    }
}
