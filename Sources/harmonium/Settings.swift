internal import BrowserTool
internal import Configuration

/// Everything that can be set, read once at the start.
struct Settings: Equatable, Sendable {
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
    struct Python: Equatable, Sendable {
        let network: String
        let networks: [String]
        let sharedNetwork: String
        let egress: [String]
        let timeLimit: Duration
        let grace: Duration
        /// Of processor time, for what a call leaves running.
        let background: Duration
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
    struct Browser: Equatable, Sendable {
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
    ///
    /// - Throws: ``SettingsError``, which names the setting.
    init(reading config: ConfigReader) throws {
        let reader = SettingReader(config)
        host = try reader.text("http.host")
        port = try reader.number("http.port")
        allowedHosts = try reader.list("http.allowed-hosts")
        allowedOrigins = try reader.list("http.allowed-origins")
        allowsLocalOrigins = try reader.choice("http.local-origins") == "allow"
        bodyBytesMax = try reader.number("http.body-mib") << 20
        bodiesBytesMax = try reader.number("http.bodies-mib") << 20
        keepAlive = try reader.seconds("http.keep-alive-seconds")
        drain = try reader.seconds("http.drain-seconds")
        connectionsMax = try reader.number("http.connections")
        user = try reader.text("privilege.user")
        logLevel = try reader.choice("log.level")
        logFormat = try reader.choice("log.format")
        sandboxDirectory = try reader.text("sandbox.directory")
        workerExecutable = try reader.text("worker.executable")
        vocabularyFile = try reader.text("vocabulary.file")
        python = try Python(reading: reader)
        browser = try Browser(reading: reader)
    }
}

extension Settings.Browser {
    fileprivate init(reading reader: SettingReader) throws {
        search = try reader.list("browser.search")
        guard !search.isEmpty else { throw SettingsError("browser.search: name at least one provider, such as local") }
        var addresses: [String: String] = [:]
        for pair in try reader.list("browser.search-addresses") {
            guard let equals = pair.firstIndex(of: "=") else {
                throw SettingsError("browser.search-addresses: \"\(pair)\" is not PROVIDER=URL")
            }
            addresses[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
        }
        self.addresses = addresses
        allowed = try reader.list("browser.allowed")
        documents = try reader.list("browser.documents").filter { !$0.isEmpty }
        index = try reader.text("browser.index")
        viewTokens = try reader.number("browser.view-tokens")
        sessionsMax = try reader.number("browser.sessions")
        idle = try reader.seconds("browser.idle-seconds")
        isReference = try reader.choice("browser.compat") == "reference"
        respectsRobots = try reader.choice("browser.robots") == "respect"
        render = try ScriptedPages.Rule(rawValue: reader.choice("browser.render")) ?? .auto
        chromium = try reader.text("browser.chromium")
    }
}

extension Settings.Python {
    fileprivate init(reading reader: SettingReader) throws {
        network = try reader.choice("python.network")
        networks = try reader.list("python.networks")
        sharedNetwork = try reader.choice("python.shared-network")
        egress = try reader.list("python.egress")
        timeLimit = try reader.seconds("python.time-limit-seconds")
        grace = try reader.seconds("python.grace-seconds")
        background = try reader.seconds("python.background-seconds")
        memoryMiB = try reader.number("python.memory-mib")
        totalMemoryMiB = try reader.number("python.total-memory-mib")
        runningMax = try reader.number("python.running")
        dataMiB = try reader.number("python.data-mib")
        temporaryMiB = try reader.number("python.tmp-mib")
        processesMax = try reader.number("python.processes")
        sessionsMax = try reader.number("python.sessions")
        queue = try reader.seconds("python.queue-seconds")
        idle = try reader.seconds("python.idle-seconds")
        roomIdle = try reader.seconds("python.room-seconds")
        waitingMax = try reader.number("python.waiting")
        poolSize = try reader.number("python.pool")
        shownTokensMax = try reader.number("python.shown-tokens")
        outputMiBMax = try reader.number("python.output-mib")
    }
}

/// A setting that has a value it cannot have, or a file that cannot be read.
struct SettingsError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
