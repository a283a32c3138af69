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
    let containerExecutable: String
    /// The names of the tools that are served.
    let tools: [String]
    let vocabularyFile: String
    let python: Python
    let container: Container
    let browser: Browser
    let engine: Engine

    /// What concerns the engine of `/v1/responses`.
    struct Engine: Equatable, Sendable {
        /// A URL, or `replay:FILE`; empty for no engine.
        let address: String
        let model: String
        /// Never logged.
        let key: String
    }

    /// What concerns the sessions of a tool that runs in the sandbox.
    struct Sandboxes: Equatable, Sendable {
        /// The tool's name, with which the settings begin.
        let tool: String
        let network: String
        let networks: [String]
        let sharedNetwork: String
        let egress: [String]
        let grace: Duration
        let memoryMiB: Int
        let totalMemoryMiB: Int
        /// How many workers share the machine's memory where no total is set.
        let memoryShares: Int
        let dataMiB: Int
        let processesMax: Int
        let outputMiBMax: Int
        let sessionsMax: Int
        let idle: Duration
        let roomIdle: Duration
        let waitingMax: Int
        let poolSize: Int
    }

    /// What concerns the python tool.
    struct Python: Equatable, Sendable {
        let sandboxes: Sandboxes
        let timeLimit: Duration
        /// Of processor time, for what a call leaves running.
        let background: Duration
        let temporaryMiB: Int
        let runningMax: Int
        let queue: Duration
        let shownTokensMax: Int
    }

    /// What concerns the container tool.
    struct Container: Equatable, Sendable {
        let sandboxes: Sandboxes
        let timeLimit: Duration
        let timeLimitMax: Duration
        let diskMiB: Int
        let freeze: Duration
        let stop: Duration
        let callsMax: Int
        /// Whether models may have files fetched for them.
        let allowsDownloads: Bool
        /// The name of the image that sessions usually begin with; empty for this machine's own programs.
        let image: String
        /// Where images are; empty for the usual place.
        let images: String
        let snapshotsMax: Int
        let snapshotsMiB: Int
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
        containerExecutable = try reader.text("worker.container-executable")
        tools = try reader.list("server.tools")
        guard !tools.isEmpty else { throw SettingsError("server.tools: name at least one tool, such as python") }
        vocabularyFile = try reader.text("vocabulary.file")
        python = try Python(reading: reader)
        container = try Container(reading: reader)
        browser = try Browser(reading: reader)
        engine = Engine(
            address: try reader.text("engine.address"),
            model: try reader.text("engine.model"),
            key: try reader.text("engine.key")
        )
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

extension Settings.Sandboxes {
    fileprivate init(of tool: String, reading reader: SettingReader) throws {
        self.tool = tool
        network = try reader.choice("\(tool).network")
        networks = try reader.list("\(tool).networks")
        sharedNetwork = try reader.choice("\(tool).shared-network")
        egress = try reader.list("\(tool).egress")
        grace = try reader.seconds("\(tool).grace-seconds")
        memoryMiB = try reader.number("\(tool).memory-mib")
        totalMemoryMiB = try reader.number("\(tool).total-memory-mib")
        memoryShares = try Settings.Sandboxes.workerCount(reading: reader)
        dataMiB = try reader.number("\(tool).data-mib")
        processesMax = try reader.number("\(tool).processes")
        outputMiBMax = try reader.number("\(tool).output-mib")
        sessionsMax = try reader.number("\(tool).sessions")
        idle = try reader.seconds("\(tool).idle-seconds")
        roomIdle = try reader.seconds("\(tool).room-seconds")
        waitingMax = try reader.number("\(tool).waiting")
        poolSize = try reader.number("\(tool).pool")
    }
}

extension Settings.Sandboxes {
    /// One for each network of each tool that is served; those of images come on top.
    private static func workerCount(reading reader: SettingReader) throws -> Int {
        let tools = try reader.list("server.tools").filter { ["python", "container"].contains($0) }
        let counts = try tools.map { tool in
            try Set([reader.choice("\(tool).network")] + reader.list("\(tool).networks")).count
        }
        return max(1, counts.reduce(0, +))
    }
}

extension Settings.Python {
    fileprivate init(reading reader: SettingReader) throws {
        sandboxes = try Settings.Sandboxes(of: "python", reading: reader)
        timeLimit = try reader.seconds("python.time-limit-seconds")
        background = try reader.seconds("python.background-seconds")
        temporaryMiB = try reader.number("python.tmp-mib")
        runningMax = try reader.number("python.running")
        queue = try reader.seconds("python.queue-seconds")
        shownTokensMax = try reader.number("python.shown-tokens")
    }
}

extension Settings.Container {
    fileprivate init(reading reader: SettingReader) throws {
        sandboxes = try Settings.Sandboxes(of: "container", reading: reader)
        timeLimitMax = try reader.seconds("container.time-limit-max-seconds")
        timeLimit = min(try reader.seconds("container.time-limit-seconds"), timeLimitMax)
        diskMiB = try reader.number("container.disk-mib")
        freeze = try reader.seconds("container.freeze-seconds")
        stop = try reader.seconds("container.stop-seconds")
        callsMax = try reader.number("container.calls")
        allowsDownloads = try reader.choice("container.download") == "allow"
        image = try reader.text("container.image")
        images = try reader.text("container.images")
        snapshotsMax = try reader.number("container.snapshots")
        snapshotsMiB = try reader.number("container.snapshots-mib")
    }
}

/// A setting that has a value it cannot have, or a file that cannot be read.
struct SettingsError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
