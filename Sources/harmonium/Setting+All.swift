/// The settings by name. `docs/configuration.md` says the same, and a test keeps it so.
enum AllSettings {
    static let about: [SettingAbout] = [
        Setting.host.about, Setting.port.about, Setting.allowedHosts.about, Setting.allowedOrigins.about,
        Setting.localOrigins.about,
        Setting.bodyMiBMax.about, Setting.bodiesMiBMax.about, Setting.keepAliveSeconds.about,
        Setting.drainSeconds.about,
        Setting.connectionsMax.about, Setting.user.about, Setting.logLevel.about, Setting.logFormat.about,
        Setting.sandboxDirectory.about, Setting.workerExecutable.about, Setting.vocabularyFile.about,
        Setting.network.about, Setting.networks.about, Setting.sharedNetwork.about,
        Setting.egress.about,
        Setting.timeLimitSeconds.about,
        Setting.graceSeconds.about, Setting.memoryMiB.about, Setting.totalMemoryMiB.about, Setting.dataMiB.about,
        Setting.temporaryMiB.about,
        Setting.processesMax.about, Setting.sessionsMax.about, Setting.runningMax.about, Setting.queueSeconds.about,
        Setting.idleSeconds.about, Setting.roomSeconds.about,
        Setting.waitingMax.about,
        Setting.poolSize.about, Setting.shownTokensMax.about, Setting.outputMiBMax.about,
        Setting.search.about, Setting.searchAddresses.about, Setting.browserAllowed.about, Setting.documents.about,
        Setting.indexFile.about, Setting.viewTokens.about, Setting.browserSessionsMax.about,
        Setting.browserIdleSeconds.about, Setting.compat.about, Setting.robots.about, Setting.render.about,
        Setting.chromium.about,
    ]
}

extension Setting where Value == String {
    static var compat: Setting {
        Setting(
            "browser.compat",
            default: "fixed",
            "How pages look: fixed, or reference, as models were trained on them with every defect."
        )
    }
    static var robots: Setting {
        Setting(
            "browser.robots",
            default: "ignore",
            "What becomes of a site's robots.txt: ignore, for it is a user who asks; or respect."
        )
    }
    static var render: Setting {
        Setting(
            "browser.render",
            default: "auto",
            "Whether Chromium runs the scripts of pages: auto, where much is made by them; always; or never."
        )
    }
    static var chromium: Setting {
        Setting(
            "browser.chromium",
            default: "",
            "The program that runs scripts; if empty chromium-headless-shell or chromium, where programs are."
        )
    }
    static var indexFile: Setting {
        Setting(
            "browser.index",
            default: "",
            "The file of the local index; if empty below ~/.local/share/harmonium, or /var/lib/harmonium for a root server."
        )
    }
    static var host: Setting {
        Setting("http.host", default: "localhost", "Where to listen: `localhost` is 127.0.0.1 and ::1; or one address.")
    }
    static var localOrigins: Setting {
        Setting(
            "http.local-origins",
            default: "allow",
            "Whether pages of localhost, 127.0.0.1 and [::1], as those of local tools, may ask: allow or refuse."
        )
    }
    static var user: Setting {
        Setting(
            "privilege.user",
            default: "",
            "Who the daemon becomes when it is started as root; if empty harmonium, or nobody where there is no such user."
        )
    }
    static var logLevel: Setting {
        Setting("log.level", default: "info", "The least that is logged: trace, debug, info, notice, warning, error.")
    }
    static var logFormat: Setting {
        Setting("log.format", default: "text", "How log lines look on standard error: text or json.")
    }
    static var network: Setting {
        Setting(
            "python.network",
            default: "none",
            "What a session can reach: none; loopback, itself alone; or egress, also what python.egress allows."
        )
    }
    static var sharedNetwork: Setting {
        Setting(
            "python.shared-network",
            default: "auto",
            "Whether sessions without a network share its namespace: auto, where Landlock parts them; always; or never."
        )
    }
    static var sandboxDirectory: Setting {
        Setting(
            "sandbox.directory",
            default: "",
            "What the sandbox contains (`sandbox/` of the source); found beside the program if empty."
        )
    }
    static var vocabularyFile: Setting {
        Setting(
            "vocabulary.file",
            default: "",
            "The tokens of o200k_harmony, as `harmonium vocabulary install` makes them; looked for if empty."
        )
    }
    static var workerExecutable: Setting {
        Setting("worker.executable", default: "", "The program `harmonium-python`; found beside this one if empty.")
    }
}

extension Setting where Value == [String] {
    static var search: Setting {
        Setting(
            "browser.search",
            default: ["local"],
            "Who searches, one after the other until one finds something: local, or services that docs/browsing.md lists."
        )
    }
    static var searchAddresses: Setting {
        Setting(
            "browser.search-addresses",
            default: [],
            "Where search services are that have no usual place, as searxng=http://localhost:8888."
        )
    }
    static var browserAllowed: Setting {
        Setting(
            "browser.allowed",
            default: [],
            "Private hosts that the browser may open all the same, as docs.example.com:443 or 10.0.0.5:80."
        )
    }
    static var documents: Setting {
        Setting(
            "browser.documents",
            default: ["/usr/share/doc"],
            "Directories that the local index has from the start; harmonium index add takes more."
        )
    }
    static var networks: Setting {
        Setting(
            "python.networks",
            default: [],
            "What a session may ask to reach instead, by the header x-session-network; each takes a worker of its own."
        )
    }
    static var egress: Setting {
        Setting(
            "python.egress",
            default: [],
            "Where sessions may go with python.network=egress: names, addresses and blocks with ports, commas between."
        )
    }
    static var allowedHosts: Setting {
        Setting(
            "http.allowed-hosts",
            default: [],
            "Names in `Host` to answer to beside local ones, with commas between."
        )
    }
    static var allowedOrigins: Setting {
        Setting("http.allowed-origins", default: [], "Web pages' origins to answer to beside local ones.")
    }
}

extension Setting where Value == Int {
    static var viewTokens: Setting {
        Setting("browser.view-tokens", default: 1024, "What a display of a page has, in tokens.")
    }
    static var browserSessionsMax: Setting {
        Setting("browser.sessions", default: 256, "Browsers at a time; the one used longest ago makes room.")
    }
    static var browserIdleSeconds: Setting {
        Setting("browser.idle-seconds", default: 1200, "How long a browser is kept that nobody uses, in seconds.")
    }
    static var port: Setting { Setting("http.port", default: 8081, "The TCP port; 0 takes a free one.") }
    static var bodyMiBMax: Setting {
        Setting("http.body-mib", default: 8, "The longest request body, in MiB (1 to 8).")
    }
    static var bodiesMiBMax: Setting {
        Setting("http.bodies-mib", default: 64, "What the bodies of all requests may take together, in MiB.")
    }
    static var keepAliveSeconds: Setting {
        Setting(
            "http.keep-alive-seconds",
            default: 10,
            "How often a silent event stream shows that it lives, in seconds."
        )
    }
    static var drainSeconds: Setting {
        Setting("http.drain-seconds", default: 10, "How long calls may go on after SIGTERM, in seconds.")
    }
    static var connectionsMax: Setting { Setting("http.connections", default: 1024, "Event streams open at a time.") }
    static var timeLimitSeconds: Setting {
        Setting("python.time-limit-seconds", default: 120, "How long a call may run, in seconds.")
    }
    static var graceSeconds: Setting {
        Setting("python.grace-seconds", default: 2, "How long an interrupted cell has until it is killed, in seconds.")
    }
    static var memoryMiB: Setting {
        Setting("python.memory-mib", default: 1024, "Memory of all processes of a session, in MiB.")
    }
    static var totalMemoryMiB: Setting {
        Setting(
            "python.total-memory-mib",
            default: 0,
            "Memory of all sessions together, in MiB; 0 is three quarters of the machine's."
        )
    }
    static var dataMiB: Setting {
        Setting("python.data-mib", default: 1024, "The size of a session's /mnt/data, in MiB.")
    }
    static var temporaryMiB: Setting {
        Setting("python.tmp-mib", default: 256, "The size of a session's /tmp, in MiB.")
    }
    static var processesMax: Setting {
        Setting("python.processes", default: 128, "Processes and threads of a session at a time.")
    }
    static var sessionsMax: Setting {
        Setting(
            "python.sessions",
            default: 256,
            "Sessions at a time; a further one takes the place of one that is empty or was idle, or is refused."
        )
    }
    static var runningMax: Setting {
        Setting(
            "python.running",
            default: 256,
            "Cells that run at a time; further ones wait, which no time limit counts."
        )
    }
    static var queueSeconds: Setting {
        Setting(
            "python.queue-seconds",
            default: 60,
            "How long a cell may wait for its place to run, in seconds; then it is refused."
        )
    }
    static var roomSeconds: Setting {
        Setting(
            "python.room-seconds",
            default: 60,
            "How long a session must have been without use to make room for another when all are taken, in seconds."
        )
    }
    static var idleSeconds: Setting {
        Setting("python.idle-seconds", default: 1200, "How long a session is kept that nobody uses, in seconds.")
    }
    static var waitingMax: Setting { Setting("python.waiting", default: 16, "Calls that may wait for one session.") }
    static var poolSize: Setting { Setting("python.pool", default: 4, "Sessions kept ready for the next to come.") }
    static var shownTokensMax: Setting {
        Setting(
            "python.shown-tokens",
            default: 10000,
            "What is shown of a call's output, head and tail, in tokens; without a vocabulary in four bytes each."
        )
    }
    static var outputMiBMax: Setting {
        Setting("python.output-mib", default: 64, "What a call may write before it is interrupted, in MiB.")
    }
}
