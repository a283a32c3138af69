internal import BrowserTool
internal import Logging

extension Setting {
    /// Everything that can be set. `docs/configuration.md` shows this table, and a test compares the two.
    static let all: [Setting] = http + program + engine + python + container + browser

    /// The tools that there are.
    static let toolNames = ["python", "browser", "container"]
    static let week = 604_800

    private static let http: [Setting] = [
        Setting(
            "http.host",
            .text(default: "localhost"),
            help: "The address to listen on; `localhost` is 127.0.0.1 and ::1."
        ),
        Setting("http.port", .number(0...65535, default: 8081), help: "The TCP port; 0 takes a free one."),
        Setting("http.allowed-hosts", .list(), help: "Names in `Host` to answer to, besides local ones; `*` is any."),
        Setting(
            "http.allowed-origins",
            .list(),
            help: "Origins of web pages that may send requests, besides local ones; `*` is any."
        ),
        Setting(
            "http.local-origins",
            .choice(["allow", "refuse"]),
            help: "Whether pages of localhost, 127.0.0.1 and [::1] may send requests, as those of local tools do."
        ),
        Setting("http.body-mib", .number(1...8, default: 8), help: "The longest request body, in MiB."),
        Setting(
            "http.bodies-mib",
            .number(1...65536, default: 64),
            help: "The memory for the bodies of all requests together, in MiB."
        ),
        Setting(
            "http.keep-alive-seconds",
            .number(1...15, default: 10),
            help: "How often a silent event stream gets a comment that keeps it open, in seconds."
        ),
        Setting(
            "http.drain-seconds",
            .number(0...3600, default: 10),
            help: "How long running calls may continue after SIGTERM, in seconds."
        ),
        Setting("http.connections", .number(1...100_000, default: 1024), help: "Event streams open at a time."),
    ]

    private static let engine: [Setting] = [
        Setting(
            "engine.address",
            .text(),
            help:
                "The engine of `/v1/responses`: the URL of vLLM or SGLang, or `replay:FILE` for recorded turns; if empty there is no such route."
        ),
        Setting("engine.model", .text(), help: "The model, as the engine names it, such as `openai/gpt-oss-20b`."),
        Setting("engine.key", .text(), help: "The key that the engine asks for, if it asks for one."),
    ]

    private static let program: [Setting] = [
        Setting(
            "privilege.user",
            .text(),
            help:
                "The user that the daemon becomes when root starts it; if empty harmonium, or `nobody` where there is no such user."
        ),
        Setting(
            "log.level",
            .choice(["info"] + Logger.Level.allCases.map(\.rawValue).filter { $0 != "info" }),
            help: "The lowest level that is logged."
        ),
        Setting("log.format", .choice(["text", "json"]), help: "The format of log lines on standard error."),
        Setting(
            "sandbox.directory",
            .text(),
            help:
                "The directory with the sandbox's contents (`sandbox/` of the source); if empty it is looked for beside the program."
        ),
        Setting(
            "worker.executable",
            .text(),
            help: "The program `harmonium-python`; if empty it is looked for beside this one."
        ),
        Setting(
            "worker.container-executable",
            .text(),
            help: "The program `harmonium-container`; if empty it is looked for beside this one."
        ),
        Setting(
            "server.tools",
            .list(default: toolNames, choices: toolNames),
            help: "The tools that are served."
        ),
        Setting(
            "vocabulary.file",
            .text(),
            help:
                "The vocabulary of o200k_harmony that `harmonium vocabulary install` makes; if empty it is looked for."
        ),
    ]

    private static let python: [Setting] =
        [
            Setting(
                "python.time-limit-seconds",
                .number(1...86400, default: 120),
                help: "How long a call may run, in seconds."
            ),
            Setting(
                "python.background-seconds",
                .number(1...week, default: 600),
                help: "Processor time that the processes of a session may use between two calls, in seconds."
            ),
            Setting(
                "python.tmp-mib",
                .number(1...1_048_576, default: 256),
                help: "The size of a session's /tmp, in MiB."
            ),
            Setting(
                "python.running",
                .number(1...100_000, default: 256),
                help: "Cells that run at a time; further ones wait, which does not count toward their time limit."
            ),
            Setting(
                "python.queue-seconds",
                .number(1...86400, default: 60),
                help: "How long a cell may wait for its place to run, in seconds; then it is refused."
            ),
            Setting(
                "python.shown-tokens",
                .number(64...100_000, default: 10000),
                help:
                    "Tokens of a call's output that are shown, of its head and tail; without a vocabulary four bytes count as one."
            ),
        ] + sandboxes(of: "python", calls: "cell", sessionsMax: 256, processesMax: 128, idleSeconds: 1200)

    private static let container: [Setting] =
        [
            Setting(
                "container.time-limit-seconds",
                .number(1...86400, default: 60),
                help: "How long a command may run if the model does not say, in seconds."
            ),
            Setting(
                "container.time-limit-max-seconds",
                .number(1...86400, default: 280),
                help: "How long a command may run whatever the model says, in seconds; clients give up after 300."
            ),
            Setting(
                "container.disk-mib",
                .number(1...1_048_576, default: 1024),
                help:
                    "What a session may change of its machine's files, in MiB; at most half of its memory, which holds them."
            ),
            Setting(
                "container.freeze-seconds",
                .number(1...week, default: 120),
                help:
                    "After how long without a call the processes of a session are stopped until the next one, in seconds."
            ),
            Setting(
                "container.stop-seconds",
                .number(1...week, default: 1200),
                help: "After how long without a call the processes of a session are ended, in seconds; its files stay."
            ),
            Setting(
                "container.calls",
                .number(1...64, default: 8),
                help: "Calls that run at a time in one session; further ones wait."
            ),
            Setting(
                "container.download",
                .choice(["refuse", "allow"]),
                help:
                    "Whether the tool download fetches files into sessions, from where the browser may open pages and whatever network a session has."
            ),
            Setting(
                "container.image",
                .text(),
                help:
                    "The image that sessions begin with unless they ask for another by the header x-session-image; if empty this machine's own programs."
            ),
            Setting(
                "container.images",
                .text(),
                help:
                    "The directory of images; if empty below ~/.local/share/harmonium, or /var/lib/harmonium for a root server."
            ),
            Setting("container.snapshots", .number(0...100_000, default: 64), help: "Snapshots of sessions at a time."),
            Setting(
                "container.snapshots-mib",
                .number(1...16_777_216, default: 4096),
                help: "What all snapshots together may hold, in MiB of the disk with the runtime directory."
            ),
        ] + sandboxes(of: "container", calls: "command", sessionsMax: 128, processesMax: 256, idleSeconds: 86400)

    private static let browser: [Setting] = [
        Setting(
            "browser.search",
            .list(default: ["local"]),
            help:
                "Search providers, asked one after the other until one finds something: local, or services that docs/browsing.md lists."
        ),
        Setting(
            "browser.search-addresses",
            .list(),
            help: "Addresses of search services that have no usual one, as searxng=http://localhost:8888."
        ),
        Setting(
            "browser.allowed",
            .list(),
            help: "Private hosts that the browser may open, as docs.example.com:443 or 10.0.0.5:80."
        ),
        Setting(
            "browser.documents",
            .list(default: ["/usr/share/doc"]),
            help: "Directories that the local index has from the start; `harmonium index add` adds more."
        ),
        Setting(
            "browser.index",
            .text(),
            help:
                "The file of the local index; if empty it is below ~/.local/share/harmonium, or /var/lib/harmonium for a root server."
        ),
        Setting("browser.view-tokens", .number(64...32768, default: 1024), help: "Tokens in one display of a page."),
        Setting(
            "browser.sessions",
            .number(1...100_000, default: 256),
            help: "Browsers at a time; another one replaces the longest idle of the client that has most."
        ),
        Setting(
            "browser.idle-seconds",
            .number(1...week, default: 1200),
            help: "How long a browser is kept without use, in seconds."
        ),
        Setting(
            "browser.compat",
            .choice(["fixed", "reference"]),
            help: "How pages look: fixed, or as models were trained on them, with every defect of the reference."
        ),
        Setting(
            "browser.robots",
            .choice(["ignore", "respect"]),
            help: "What is done about a site's robots.txt; a user's request is not a crawl, so it is ignored."
        ),
        Setting(
            "browser.render",
            .choice(
                [ScriptedPages.Rule.auto.rawValue] + ScriptedPages.Rule.allCases.filter { $0 != .auto }.map(\.rawValue)
            ),
            help: "Whether Chromium runs the scripts of pages; auto: where scripts make much of the page."
        ),
        Setting(
            "browser.chromium",
            .text(),
            help: "The program that runs scripts; if empty chromium-headless-shell or chromium from PATH."
        ),
    ]
}
