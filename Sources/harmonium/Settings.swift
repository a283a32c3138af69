internal import BrowserTool
internal import Configuration

/// Everything that can be set, read once at the start.
struct Settings: Sendable {
    let host: String
    let port: Int
    let allowedHosts: [String]
    let allowedOrigins: [String]
    let allowsLocalOrigins: Bool
    let bodyBytesMax: Int
    let bodiesBytesMax: Int
    let keepAlive: Duration
    let drain: Duration
    let connectionsMax: Int
    let user: String
    let logLevel: String
    let logFormat: String
    let sandboxDirectory: String
    let workerExecutable: String
    let vocabularyFile: String
    let python: Python
    let browser: Browser

    /// What concerns the python tool.
    struct Python: Sendable {
        let network: String
        let networks: [String]
        let sharedNetwork: String
        let egress: [String]
        let timeLimit: Duration
        let grace: Duration
        let memoryMiB: Int
        let totalMemoryMiB: Int
        let runningMax: Int
        let dataMiB: Int
        let temporaryMiB: Int
        let processesMax: Int
        let sessionsMax: Int
        let queue: Duration
        let idle: Duration
        let roomIdle: Duration
        let waitingMax: Int
        let poolSize: Int
        let shownTokensMax: Int
        let outputMiBMax: Int
    }

    /// What concerns the browser.
    struct Browser: Sendable {
        let search: [String]
        /// Where search services are that have no usual place, by their ids.
        let addresses: [String: String]
        let allowed: [String]
        let documents: [String]
        let index: String
        let viewTokens: Int
        let sessionsMax: Int
        let idle: Duration
        /// Whether pages look exactly as the reference's, with its defects.
        let isReference: Bool
        let respectsRobots: Bool
        let render: ScriptedPages.Rule
        let chromium: String
    }

    /// Reads and checks every setting.
    init(reading config: ConfigReader) throws {
        let reader = SettingReader(config)
        host = try reader.text(.host)
        port = try reader.number(.port, 0...65535)
        allowedHosts = try reader.list(.allowedHosts)
        allowedOrigins = try reader.list(.allowedOrigins)
        allowsLocalOrigins = try reader.choice(.localOrigins, ["allow", "refuse"]) == "allow"
        bodyBytesMax = try reader.number(.bodyMiBMax, 1...8) << 20
        bodiesBytesMax = try reader.number(.bodiesMiBMax, 1...65536) << 20
        keepAlive = .seconds(try reader.number(.keepAliveSeconds, 1...15))
        drain = .seconds(try reader.number(.drainSeconds, 0...3600))
        connectionsMax = try reader.number(.connectionsMax, 1...100_000)
        user = try reader.text(.user)
        logLevel = try reader.text(.logLevel)
        logFormat = try reader.text(.logFormat)
        sandboxDirectory = try reader.text(.sandboxDirectory)
        workerExecutable = try reader.text(.workerExecutable)
        vocabularyFile = try reader.text(.vocabularyFile)
        python = try Python(reading: reader)
        browser = try Browser(reading: reader)
        guard ["text", "json"].contains(logFormat) else {
            throw SettingsError("log.format: \"\(logFormat)\" is neither text nor json")
        }
    }
}

extension Settings.Browser {
    fileprivate init(reading reader: SettingReader) throws {
        search = try reader.list(.search)
        guard !search.isEmpty else { throw SettingsError("browser.search: name at least one provider, such as local") }
        var addresses: [String: String] = [:]
        for pair in try reader.list(.searchAddresses) {
            guard let equals = pair.firstIndex(of: "=") else {
                throw SettingsError("browser.search-addresses: \"\(pair)\" is not PROVIDER=URL")
            }
            addresses[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
        }
        self.addresses = addresses
        allowed = try reader.list(.browserAllowed)
        documents = try reader.list(.documents).filter { !$0.isEmpty }
        index = try reader.text(.indexFile)
        viewTokens = try reader.number(.viewTokens, 64...32768)
        sessionsMax = try reader.number(.browserSessionsMax, 1...100_000)
        idle = .seconds(try reader.number(.browserIdleSeconds, 1...604_800))
        isReference = try reader.choice(.compat, ["fixed", "reference"]) == "reference"
        respectsRobots = try reader.choice(.robots, ["ignore", "respect"]) == "respect"
        let rules = ScriptedPages.Rule.allCases.map(\.rawValue)
        render = try ScriptedPages.Rule(rawValue: reader.choice(.render, rules)) ?? .auto
        chromium = try reader.text(.chromium)
    }
}

extension Settings.Python {
    fileprivate init(reading reader: SettingReader) throws {
        network = try reader.text(.network)
        networks = try reader.list(.networks)
        for (key, named) in [("python.network", [network]), ("python.networks", networks)] {
            for network in named where !["none", "loopback", "egress"].contains(network) {
                throw SettingsError("\(key): \"\(network)\" is neither none, loopback nor egress")
            }
        }
        sharedNetwork = try reader.choice(.sharedNetwork, ["auto", "always", "never"])
        egress = try reader.list(.egress)
        timeLimit = .seconds(try reader.number(.timeLimitSeconds, 1...86400))
        grace = .seconds(try reader.number(.graceSeconds, 0...60))
        memoryMiB = try reader.number(.memoryMiB, 64...1_048_576)
        totalMemoryMiB = try reader.number(.totalMemoryMiB, 0...16_777_216)
        runningMax = try reader.number(.runningMax, 1...100_000)
        dataMiB = try reader.number(.dataMiB, 1...1_048_576)
        temporaryMiB = try reader.number(.temporaryMiB, 1...1_048_576)
        processesMax = try reader.number(.processesMax, 1...32768)
        sessionsMax = try reader.number(.sessionsMax, 1...100_000)
        queue = .seconds(try reader.number(.queueSeconds, 1...86400))
        idle = .seconds(try reader.number(.idleSeconds, 1...604_800))
        roomIdle = .seconds(try reader.number(.roomSeconds, 0...604_800))
        waitingMax = try reader.number(.waitingMax, 0...1024)
        poolSize = try reader.number(.poolSize, 0...256)
        shownTokensMax = try reader.number(.shownTokensMax, 64...100_000)
        outputMiBMax = try reader.number(.outputMiBMax, 1...4096)
    }
}

/// A value that cannot be, or a file that cannot be read.
struct SettingsError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Reads settings, and says what is wrong with one in words that name it.
struct SettingReader {
    private let config: ConfigReader

    init(_ config: ConfigReader) {
        self.config = config
    }

    func text(_ setting: Setting<String>) throws -> String {
        try value(setting, "a text") { try config.requiredString(forKey: ConfigKey($0)) }
    }

    /// One of `choices`.
    func choice(_ setting: Setting<String>, _ choices: [String]) throws -> String {
        let value = try text(setting)
        guard choices.contains(value) else {
            throw SettingsError("\(setting.key): \"\(value)\" is none of \(choices.joined(separator: ", "))")
        }
        return value
    }

    func list(_ setting: Setting<[String]>) throws -> [String] {
        try value(setting, "a list of texts") { try config.requiredStringArray(forKey: ConfigKey($0)) }
    }

    func number(_ setting: Setting<Int>, _ range: ClosedRange<Int>) throws -> Int {
        let value = try value(setting, "a whole number") { try config.requiredInt(forKey: ConfigKey($0)) }
        guard range.contains(value) else {
            throw SettingsError("\(setting.key): \(value) is not from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    private func value<Value>(_ setting: Setting<Value>, _ kind: String, _ read: (String) throws -> Value) throws
        -> Value
    {
        do {
            return try read(setting.key)
        } catch {
            // The library's error type is its own; only its words part what is missing from what is wrong.
            if "\(error)".hasPrefix("Missing required config value") { return setting.standard }
            throw SettingsError("\(setting.key): what is set is not \(kind)")
        }
    }
}
