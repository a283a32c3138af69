/// How a worker was started: `--name value`, each name at most once.
package struct WorkerOptions: Sendable {
    /// Where to listen, a path that does not exist yet.
    package let socket: String
    /// The directory that holds what exists inside sessions: lists of system calls, Python's bootstrap.
    package let sandbox: String
    /// An empty directory to build the root template on; other processes do not see what is built.
    package let root: String
    /// The root file system of an image, beneath what sessions change; nil for the machine's own programs.
    package let image: String?
    /// What is added to the environment of commands, as `NAME=value`.
    package let environment: [String]
    /// Where commands begin that do not say; empty for `/`.
    package let workingDirectory: String
    /// Whose commands they are that do not say; empty for root.
    package let user: String
    /// How many confined sessions wait for the daemon; 0 makes each when it is asked for.
    package let poolSize: Int
    /// The most sessions at a time, beside those that wait.
    package let sessionsMax: Int
    /// What sessions can reach.
    package let network: NetworkPolicy
    /// Whether sessions that reach nothing share a network namespace.
    package let networkSharing: NetworkSharing
    /// The daemon's descriptor socket, which takes the listening sockets of sessions; nil unless they reach the network.
    package let egressSocket: String?
    /// Whether to print on standard error how long each layer took to apply.
    package let timesLayers: Bool
    /// What one session may use.
    package let limits: SessionLimits

    /// Reads the words after the program's name.
    ///
    /// - Throws: What is wrong with them, and how the program is used.
    init(_ arguments: [String]) throws(OptionsError) {
        let values = try WorkerOptions.values(of: arguments)
        func text(_ name: String) throws(OptionsError) -> String {
            guard let value = values[name] else { throw OptionsError("\(name) is missing; \(WorkerOptions.usage)") }
            return value
        }
        func number(_ name: String, _ standard: Int) throws(OptionsError) -> Int {
            guard let value = values[name] else { return standard }
            guard let number = Int(value), number >= 0 else { throw OptionsError("\(name): \(value) is not a count") }
            return number
        }
        socket = try text("--socket")
        sandbox = try text("--sandbox")
        root = try text("--root")
        image = values["--image"]
        environment = values["--environment"]?.split(separator: "\n").map(String.init) ?? []
        workingDirectory = values["--working-directory"] ?? ""
        user = values["--user"] ?? ""
        poolSize = try number("--pool", 4)
        sessionsMax = try number("--sessions", 256)
        network = try WorkerOptions.choice("--network", in: values, default: NetworkPolicy.none)
        networkSharing = try WorkerOptions.choice("--shared-network", in: values, default: NetworkSharing.auto)
        egressSocket = network == .egress ? try text("--egress-socket") : nil
        timesLayers = try number("--time-layers", 0) != 0
        limits = SessionLimits(
            memoryBytes: UInt64(try number("--memory-bytes", 1 << 30)),
            totalMemoryBytes: UInt64(try number("--total-memory-bytes", 0)),
            dataBytes: UInt64(try number("--data-bytes", 1 << 30)),
            temporaryBytes: UInt64(try number("--temporary-bytes", 256 << 20)),
            diskBytes: UInt64(try number("--disk-bytes", 1 << 30)),
            processesMax: UInt64(try number("--processes", 128)),
            outputBytesMax: UInt64(try number("--output-bytes", 64 << 20)),
            graceMicroseconds: UInt64(try number("--grace-milliseconds", 2000)) * 1000,
            backgroundMicroseconds: UInt64(try number("--background-seconds", 600)) * 1_000_000
        )
    }

    private static func values(of arguments: [String]) throws(OptionsError) -> [String: String] {
        var values: [String: String] = [:]
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard WorkerOptions.names.contains(name) else {
                throw OptionsError("\(name): no such option; \(WorkerOptions.usage)")
            }
            guard let value = rest.popFirst() else { throw OptionsError("\(name): a value is missing") }
            guard values.updateValue(value, forKey: name) == nil else { throw OptionsError("\(name): given twice") }
        }
        return values
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        in values: [String: String],
        default standard: Choice
    ) throws(OptionsError) -> Choice {
        guard let value = values[name] else { return standard }
        guard let choice = Choice(rawValue: value) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw OptionsError("\(name): \(value) is not one of \(choices)")
        }
        return choice
    }

    private static let names: Set = [
        "--socket", "--network", "--egress-socket", "--sandbox", "--root", "--image", "--environment",
        "--working-directory", "--user", "--pool", "--sessions", "--memory-bytes",
        "--total-memory-bytes", "--data-bytes", "--temporary-bytes", "--disk-bytes",
        "--processes", "--output-bytes",
        "--grace-milliseconds", "--time-layers", "--shared-network", "--background-seconds",
    ]
    private static let usage =
        "usage: \(WorkerProgram.name) --socket PATH --sandbox DIRECTORY --root DIRECTORY [options]"
}

/// A command line that the worker does not understand.
struct OptionsError: Error {
    let description: String
    init(_ description: String) { self.description = description }
}
