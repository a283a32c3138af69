/// How a worker was started: `--name value`, each name at most once.
struct Options {
    /// Where to listen, a path that does not exist yet.
    let socket: String
    /// The directory that holds `bootstrap/` and `packages.txt`.
    let sandbox: String
    /// An empty directory to build the sandbox's root on; shown to nobody else.
    let root: String
    /// How many confined sessions wait to be taken; 0 makes each when it is asked for.
    let poolSize: Int
    /// The most sessions at a time, beside those that wait.
    let sessionsMax: Int
    /// What sessions can reach.
    let network: NetworkPolicy
    /// Whether sessions that reach nothing share a network namespace.
    let networkSharing: NetworkSharing
    /// Where the daemon takes the listening sockets of sessions, nil unless they reach the network.
    let egressMailbox: String?
    /// Whether to say on standard error how long each layer took to close.
    let timesLayers: Bool
    /// What one session may use.
    let limits: SessionLimits

    init(_ arguments: [String]) throws(OptionsError) {
        var values: [String: String] = [:]
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard Options.names.contains(name) else { throw OptionsError("\(name): no such option; \(Options.usage)") }
            guard let value = rest.popFirst() else { throw OptionsError("\(name): a value is missing") }
            guard values.updateValue(value, forKey: name) == nil else { throw OptionsError("\(name): given twice") }
        }
        func text(_ name: String) throws(OptionsError) -> String {
            guard let value = values[name] else { throw OptionsError("\(name) is missing; \(Options.usage)") }
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
        poolSize = try number("--pool", 4)
        sessionsMax = try number("--sessions", 256)
        network = try Options.choice("--network", values, NetworkPolicy.none)
        networkSharing = try Options.choice("--shared-network", values, NetworkSharing.auto)
        egressMailbox = network == .egress ? try text("--egress-mailbox") : nil
        timesLayers = try number("--time-layers", 0) != 0
        limits = SessionLimits(
            memoryBytes: UInt64(try number("--memory-bytes", 1 << 30)),
            totalMemoryBytes: UInt64(try number("--total-memory-bytes", 0)),
            dataBytes: UInt64(try number("--data-bytes", 1 << 30)),
            temporaryBytes: UInt64(try number("--temporary-bytes", 256 << 20)),
            processesMax: UInt64(try number("--processes", 128)),
            outputBytesMax: UInt64(try number("--output-bytes", 64 << 20)),
            graceMicroseconds: UInt64(try number("--grace-milliseconds", 2000)) * 1000
        )
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        _ values: [String: String],
        _ standard: Choice
    ) throws(OptionsError) -> Choice {
        guard let value = values[name] else { return standard }
        guard let choice = Choice(rawValue: value) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw OptionsError("\(name): \(value) is none of \(choices)")
        }
        return choice
    }

    private static let names: Set = [
        "--socket", "--network", "--egress-mailbox", "--sandbox", "--root", "--pool", "--sessions", "--memory-bytes",
        "--total-memory-bytes", "--data-bytes", "--temporary-bytes", "--processes", "--output-bytes",
        "--grace-milliseconds", "--time-layers", "--shared-network",
    ]
    private static let usage = "usage: harmonium-python --socket PATH --sandbox DIRECTORY --root DIRECTORY [options]"
}

/// A command line that says nothing we understand.
struct OptionsError: Error {
    let description: String
    init(_ description: String) { self.description = description }
}

/// What sessions can reach.
enum NetworkPolicy: String, CaseIterable {
    /// Nothing: no interface, and no sockets but local ones.
    case none
    /// Itself, by a loopback interface of its own.
    case loopback
    /// Itself, and by a proxy on its loopback what the daemon lets through.
    case egress
}

/// Whether sessions that reach nothing share a network namespace; one of its own costs a session time.
enum NetworkSharing: String, CaseIterable {
    /// Where Landlock keeps their abstract sockets apart.
    case auto
    case always
    case never

    /// The first version of Landlock with scopes: Linux 6.12.
    static let scopesVersion = 6

    /// Whether they do on a kernel with this version of Landlock.
    func applies(landlock version: Int) -> Bool {
        switch self {
        case .auto: version >= NetworkSharing.scopesVersion
        case .always: true
        case .never: false
        }
    }
}

/// What one session may use.
struct SessionLimits {
    /// Memory of all its processes together, in bytes.
    let memoryBytes: UInt64
    /// Memory of all sessions together, in bytes; 0 sets no limit.
    let totalMemoryBytes: UInt64
    /// The size of `/mnt/data`, in bytes.
    let dataBytes: UInt64
    /// The size of `/tmp`, in bytes.
    let temporaryBytes: UInt64
    /// Processes and threads at a time.
    let processesMax: UInt64
    /// What one run may write before it is interrupted, in bytes.
    let outputBytesMax: UInt64
    /// How long an interrupted cell has until it is killed.
    let graceMicroseconds: UInt64
}
