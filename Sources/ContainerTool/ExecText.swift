/// The sentences that say to a model what became of its call and what it can do next.
enum ExecText {
    static let outputLimit = "it was stopped because it wrote too much: write to a file, or less"

    static func sentence(for code: MachineError.Code, terminal: String?) -> String {
        let name = terminal ?? ""
        return switch code {
        case .unavailable: "The container is not available right now. Try again in a few seconds."
        case .tooManySessions: "Too many containers are open. Try again later."
        case .tooManyCommands: "Too many commands run in this container. Wait for one to end."
        case .lost:
            "The container was lost while the command ran: its files and processes are gone. Start again from the beginning."
        case .sessionEnded: "The container was ended while the command ran."
        case .terminalExists:
            "A session named `\(name)` already exists. Use feed_chars to write to it, or open one with another name."
        case .noTerminal: "There is no session named `\(name)`. Open it with exec and `session_name`."
        case .tooManyTerminals: "Too many sessions are open in this container. Exit one of them first."
        case .terminalFull:
            "The program in the session `\(name)` does not read what it is sent. Feed fewer characters, or interrupt it with "
                + "\\u0003."
        case .tooLong:
            "The command is too long for one call, or has a NUL character. Write what is long to a file first."
        case .networkNotOffered:
            "No container can reach here what this one asked for. Leave out the header x-session-network to get what is usual."
        case .networkDiffers:
            "This container was started with another network than the one asked for now, and keeps it until it ends."
        case .imageNotOffered:
            "No container can be started from the image that this one asked for. Leave out the header x-session-image to get "
                + "what is usual."
        case .imageDiffers:
            "This container was started from another image than the one asked for now, and keeps it until it ends."
        case .file(let reason): "\(reason)."
        }
    }

    static func sentence(for loss: MachineLoss) -> String {
        switch loss {
        case .processes: "the container was stopped after a long time without use: processes are gone, files are kept"
        case .everything: "the container was started again: files and processes of earlier calls are gone"
        }
    }

    /// Why a command ended that did not exit by itself; nil where its status says all.
    static func sentence(for cause: ExecEnd.Cause) -> String? {
        switch cause {
        case .exited: nil
        case .signaled(let signal): "it was ended by signal \(signal)"
        case .outOfMemory: "it was ended because the container had no memory left: work on less at a time"
        }
    }
}
