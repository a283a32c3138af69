internal import ContainerProtocol

extension Command {
    /// A command by its texts; nil if it is too long or has a NUL.
    init?(
        _ arguments: [String],
        environment: [String: String],
        directory: String?,
        user: String?,
        terminal: TerminalSize?,
        timeLimit: Duration?,
        keptBeyondBytes: Int = 0
    ) {
        let limit = (timeLimit ?? .zero).components
        self.init(
            arguments.map { Array($0.utf8) },
            environment: environment.sorted { $0.key < $1.key }.map { Array("\($0.key)=\($0.value)".utf8) },
            workingDirectory: Array((directory ?? "").utf8),
            user: Array((user ?? "").utf8),
            terminal: terminal,
            timeLimitMilliseconds: UInt32(clamping: limit.seconds * 1000 + limit.attoseconds / 1_000_000_000_000_000),
            keptBeyondBytes: UInt32(clamping: keptBeyondBytes)
        )
    }
}
