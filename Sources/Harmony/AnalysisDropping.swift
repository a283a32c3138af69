/// Which `analysis` messages a rendering leaves out (Harmony format, "Handling reasoning output in subsequent sampling").
public enum AnalysisDropping: Sendable, Hashable {
    /// None.
    case never
    /// The library's rule (`auto_drop_analysis`), which models were trained with.
    ///
    /// Where the last message of the assistant is on `final`, those before the first message on `final`. So in a
    /// conversation of several turns the analysis between two finals stays.
    case beforeFirstFinal
    /// Those before the assistant's last message on `final`, whatever follows it: of finished turns nothing stays.
    case beforeLastFinal

    /// How many messages at the start have to leave out their analysis.
    private func span(of messages: [Message]) -> Int {
        let isAnswer = { (message: Message) in message.role == .assistant && message.channel == Channel.final }
        switch self {
        case .never: return 0
        case .beforeFirstFinal:
            guard messages.last(where: { $0.role == .assistant }).map(isAnswer) == true else { return 0 }
            return messages.firstIndex { $0.channel == Channel.final } ?? 0
        case .beforeLastFinal: return messages.lastIndex(where: isAnswer) ?? 0
        }
    }

    /// The messages that are left.
    func remaining(of messages: [Message]) -> [Message] {
        let span = span(of: messages)
        return messages[..<span].filter { $0.channel != Channel.analysis } + messages[span...]
    }
}
