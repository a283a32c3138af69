internal import JSON

/// What `exec` was asked for.
struct ExecArguments {
    let command: ExecCommand
    /// The terminal to run it on; nil for none.
    let terminal: String?
    /// Whether the terminal's text is to be as it was written.
    let isRaw: Bool
    /// What the model has to know about the time limit that it gets; nil if it is the one that it wrote.
    let remark: String?

    init(_ written: JSONObject, settings: ContainerSettings) throws(CallArguments.Refusal) {
        let arguments = CallArguments(written)
        let words = try ExecArguments.words(in: arguments["cmd", "command", "commands"])
        let environment = try ExecArguments.environment(in: arguments["env"])
        let bytes = (words + environment.flatMap { [$0.key, $0.value] }).reduce(0) { $0 + $1.utf8.count + 1 }
        guard bytes <= settings.argumentBytesMax else {
            throw CallArguments.Refusal(
                text:
                    "`cmd` and `env` are too long: \(bytes) bytes, and at most \(settings.argumentBytesMax) can be given "
                    + "to a program. Write the data to a file in several calls, and name the file."
            )
        }
        terminal = try arguments.terminal(isRequired: false)
        isRaw = try arguments.isOn("raw")
        let limit = TimeLimit(milliseconds: try arguments.number("timeout"), settings: settings)
        remark = limit.remark
        command = ExecCommand(
            arguments: words,
            directory: try arguments.text("workdir"),
            environment: environment,
            user: try arguments.text("user"),
            timeLimit: limit.duration,
            keptBeyondBytes: settings.headBytes + settings.tailBytes
        )
    }

    /// The program and its arguments: a list, a list that was written as a string, or a line for a shell.
    private static func words(in value: JSONValue?) throws(CallArguments.Refusal) -> [String] {
        var value = value
        if let text = value?.string {
            let isList = text.utf8.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "[")
            if isList, let list = try? JSONValue(parsing: text), list.words != nil { value = list }
        }
        let words = value?.words ?? value?.string.map { $0.isEmpty ? [] : ["bash", "-lc", $0] } ?? []
        guard let program = words.first, !program.isEmpty else {
            throw CallArguments.Refusal(
                text: "exec takes `cmd`: a list of strings, the program and its arguments, such as "
                    + "[\"bash\", \"-lc\", \"ls -l\"]."
            )
        }
        guard !words.contains(where: { $0.utf8.contains(0) }) else {
            throw CallArguments.Refusal(text: "`cmd` has a NUL character, which no program can get.")
        }
        return words
    }

    private static func environment(in value: JSONValue?) throws(CallArguments.Refusal) -> [String: String] {
        guard let value else { return [:] }
        guard let members = value.object else {
            throw CallArguments.Refusal(text: "`env` has to be an object of strings, such as {\"LANG\": \"C.UTF-8\"}.")
        }
        var environment: [String: String] = [:]
        for member in members where !member.value.isNull {
            let name = member.name
            guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "=")), !name.utf8.contains(0),
                let text = member.value.plainText, !text.utf8.contains(0)
            else {
                throw CallArguments.Refusal(
                    text:
                        "`env` has to be an object of strings, with names that are not empty and have no `=` and no NUL."
                )
            }
            environment[name] = text
        }
        return environment
    }
}

/// How long a command may run.
private struct TimeLimit {
    let duration: Duration
    let remark: String?

    /// Below a second nothing is worth running, and it is seconds that were meant, up to the five minutes that models ask
    /// for at most.
    private static let secondsMax = 300.0

    init(milliseconds: Double?, settings: ContainerSettings) {
        guard let milliseconds, milliseconds > 0 else {
            (duration, remark) = (settings.timeLimit, nil)
            return
        }
        let isSeconds = milliseconds <= Self.secondsMax
        let most = Double(settings.timeLimitMax.milliseconds)
        let wanted = isSeconds ? milliseconds * 1000 : milliseconds
        let given = Int(min(wanted, most).rounded(.up))
        duration = .milliseconds(given)
        let reading = isSeconds ? "timeout \(milliseconds.short) was read as seconds" : nil
        let clamping = wanted > most ? "the time limit was \(given) ms, the most a command may take" : nil
        let remarks = [reading, clamping].compactMap(\.self)
        remark = remarks.isEmpty ? nil : remarks.joined(separator: "; ")
    }
}

extension CallArguments {
    /// The name of a terminal.
    func terminal(isRequired: Bool) throws(Refusal) -> String? {
        guard let name = try text("session_name"), isRequired || !name.isEmpty else {
            guard isRequired else { return nil }
            throw Refusal(text: "feed_chars takes `session_name`: the name that exec opened a session with.")
        }
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isName, (1...64).contains(name.utf8.count) else {
            throw Refusal(text: "`session_name` has to be 1 to 64 letters, digits, `_`, `-` and `.`.")
        }
        return name
    }
}

extension JSONValue {
    /// The elements of a list that are all plain.
    fileprivate var words: [String]? {
        guard let array else { return nil }
        let words = array.compactMap(\.plainText)
        return words.count == array.count ? words : nil
    }
}

extension Double {
    /// Without a fraction where there is none.
    fileprivate var short: String { Int(exactly: self).map(String.init) ?? String(self) }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
