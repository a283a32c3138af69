import Foundation
import JSON
import LinuxSystem
import NIOCore
import TestSupport
import Testing

@testable import Chromium
@testable import WebFetch

/// Pages whose scripts are run by the real program.
@Suite(
    .bounded,
    .enabled(if: ChromiumProgram() != nil, "run scripts/setup --tests"),
    .serialized
) struct ChromiumTests {
    private static func site(_ files: [String: (type: String, body: String)]) -> Behavior {
        { request, outbound in
            let path = request.split(separator: " ").dropFirst().first.map { String($0.prefix { $0 != "?" }) } ?? ""
            guard let file = files[path] else {
                return try await answering("HTTP/1.1 404 No\r\n\r\n")(request, outbound)
            }
            let head =
                "HTTP/1.1 200 OK\r\nContent-Type: \(file.type)\r\nContent-Length: \(file.body.utf8.count)\r\n\r\n"
            return try await answering(head, Array(file.body.utf8))(request, outbound)
        }
    }

    private static var isChromiumRunning: Bool {
        let commands = ProcessTree.members(below: ThisProcess.pid).map { try? Files.readText("/proc/\($0)/cmdline") }
        return commands.contains { $0?.contains("--user-data-dir=/tmp/profile") == true }
    }

    /// Serves `files`, opens `path` and renders it, with `extra` patterns allowed.
    private func render(
        _ files: [String: (type: String, body: String)],
        limits: ChromiumLimits = .test,
        _ check: (RenderedDocument, LoopbackServer) async throws -> Void
    ) async throws {
        try await withServer(Self.site(files)) { server in
            let fetcher = try WebFetcher.scripted(on: server)
            let page = try await fetcher.fetch("http://pub.example:\(server.port)/")
            try await withRenderer(fetcher, limits: limits) { try await check(try await $0.render(page), server) }
        }
    }

    @Test func `a page is what its scripts make of it`() async throws {
        let page = """
            <!doctype html><title>One</title><div id=root></div><noscript><p>Turn it on!</p></noscript><img src=/image.png>
            <script src=/app.js></script><script type=module src=/module.js></script>
            """
        let app = """
            const link = document.head.appendChild(document.createElement('link'));
            link.onload = () => root.append(' styled');
            link.rel = 'stylesheet'; link.href = '/style.css';
            fetch('/data?x=1', {headers: {'X-Own': 'mine'}}).then(r => r.json()).then(d => root.append(d.text + '\\ud800'));
            fetch('/form', {method: 'POST', body: 'hello'}).then(r => r.text()).then(t => root.append(t));
            history.pushState({}, '', '/place');
            """
        let files = [
            "/": ("text/html", page), "/app.js": ("text/javascript", app),
            "/module.js": ("text/javascript", "import {word} from '/word.js'; root.append(word)"),
            "/word.js": ("text/javascript", "export const word = ' module'"),
            "/data": ("application/json", #"{"text": "Größe 😀"}"#), "/form": ("text/plain", " posted"),
        ]
        try await render(files) { document, server in
            for text in ["Größe 😀", " styled", " posted", " module", "<title>One</title>"] {
                #expect(document.html.contains(text), "\(document.html)")
            }
            #expect(!document.html.contains("Turn it on"))
            #expect(document.url == "http://pub.example:\(server.port)/place")
            let requests = server.requests
            #expect(requests.contains { $0.hasPrefix("GET /data?x=1 ") && $0.lowercased().contains("x-own: mine") })
            #expect(requests.contains { $0.hasPrefix("POST /form ") && $0.contains("hello") })
            // Stand-ins are there for these.
            #expect(!requests.contains { $0.contains("/image.png") || $0.contains("/style.css") })
            #expect(requests.allSatisfy { $0.contains("User-Agent: HarmoniumTest/1") })
        }
    }

    /// What a person sees sooner or later, beside what is never seen.
    static let seen: [(html: String, shown: [String], hidden: [String])] = [
        (
            "<x-card></x-card><script>customElements.define('x-card',class extends HTMLElement{connectedCallback(){"
                + "this.attachShadow({mode:'open'}).innerHTML='<h2>Open</h2><y-card></y-card>'}});"
                + "customElements.define('y-card',class extends HTMLElement{connectedCallback(){"
                + "this.attachShadow({mode:'closed'}).innerHTML='<a href=/in>Closed</a>'}})</script>",
            ["<h2>Open</h2>", "<a href=\"/in\">Closed</a>"], []
        ),
        (
            "<my-card><template shadowrootmode=open><p>Shadow</p><slot></slot></template><b>Light</b></my-card><script>1</script>",
            ["<p>Shadow</p><slot><b>Light</b></slot>"], []
        ),
        (
            "<p id=c></p><script>setTimeout(() => c.textContent = 'after two seconds', 2000)</script>",
            ["after two seconds"], []
        ),
        (
            "<p id=c></p><script>const i = new Image(); i.onload = () => c.textContent = 'img loaded ' + i.width;"
                + "i.src = '/x.png'</script>", ["img loaded 1"], []
        ),
        (
            "<style>.x{display:none}.y{visibility:hidden}.z{opacity:0}.n{font-size:0}</style><p class=x>never 1</p>"
                + "<p class=y>never 2</p><div class=z><p>never 3</p></div><p class=n>never 4</p><p id=c></p>"
                + "<details><summary>more</summary>within</details><svg><title>picture</title></svg>"
                + "<div style='display:contents'><p>contents</p></div><div class=y>never 5<b style='visibility:visible'>yes</b></div>"
                + "<article style='visibility:hidden' id=a>article</article><p hidden id=h>later</p>"
                + "<script>c.textContent = 'shown text'; a.style.visibility = 'visible'; h.hidden = false</script>",
            [
                "<p id=\"c\">shown text", ">within", ">picture", ">contents", "<b>yes", ">article<",
                "<p id=\"h\">later",
            ],
            ["never 1", "never 2", "never 3", "never 4", "never 5"]
        ),
        (
            "<div id=list></div><div id=end style='height:2000px'></div><script>let n = 0; function add() { for (let i = 0; i < 9; i++)"
                + "list.insertAdjacentHTML('beforeend', '<p style=height:300px>item ' + n++ + '</p>') } add();"
                + "new IntersectionObserver(e => { if (e[0].isIntersecting && n < 60) add() }).observe(end)</script>",
            ["item 8<", "item 17<", "item 26<"], []
        ),
        (
            "<div style='height:500px;overflow:auto' id=box><div id=list></div></div><script>let n = 0; function add() {"
                + "for (let i = 0; i < 6; i++) list.insertAdjacentHTML('beforeend', '<p style=height:300px>row ' + n++ + '</p>') }"
                + "document.body.style.margin = 0; box.style.height = innerHeight + 'px'; add();"
                + "box.onscroll = () => { if (n < 24) add() }</script>", ["row 5<", "row 11<", "row 17<"], []
        ),
        (
            "<p id=c></p><script>onhashchange = go; function go() { c.append('view ' + location.hash) } go()</script>",
            ["view #/b"], []
        ),
    ]

    @Test(arguments: seen.indices)
    func `a page is read as it is seen`(number: Int) async throws {
        let (html, shown, hidden) = Self.seen[number]
        try await withServer(Self.site(["/": ("text/html", html)])) { server in
            let fetcher = try WebFetcher.scripted(on: server)
            let page = try await fetcher.fetch("http://pub.example:\(server.port)/")
            try await withRenderer(fetcher) { renderer in
                let document = try await renderer.render(page, fragment: "#/b")
                for text in shown { #expect(document.html.contains(text), "\(document.html)") }
                let visible = document.html.replacing(#/<(\w+)[^>]* hidden="">.*?<\/\1>/#, with: "")
                for text in shown { #expect(visible.contains(text), "\(visible)") }
                for text in hidden { #expect(!visible.contains(text) && document.html.contains(text), "\(visible)") }
                #expect(document.url == "http://pub.example:\(server.port)/#/b")
            }
        }
    }

    @Test func `a script that goes on to another page is followed, to where it may go`() async throws {
        let files = [
            "/": ("text/html", "<script>location = '/next'</script>"),
            "/next": ("text/html", "<p id=p></p><script>p.textContent = 'arrived'</script>"),
        ]
        try await render(files) { document, server in
            #expect(document.html.contains("arrived"))
            #expect(document.url == "http://pub.example:\(server.port)/next")
        }
    }

    @Test func `scripts reach nothing that a page could not`() async throws {
        try await withServer(page("secret")) { inner in
            let page = """
                <p id=p></p><script>
                const inner = 'http://127.0.0.1:\(inner.port)/', say = text => p.append(text + ';');
                (async () => {
                    await fetch('/own').then(() => say('own reached'), () => say('own refused'));
                    await fetch(inner, {mode: 'no-cors'}).then(() => say('inner reached'), () => say('inner refused'));
                    await new Promise(done => {
                        const socket = new WebSocket('ws://127.0.0.1:\(inner.port)/');
                        socket.onopen = () => { say('socket reached'); done() };
                        socket.onerror = () => { say('socket refused'); done() };
                    });
                    const peer = new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:\(inner.port)'}]});
                    peer.createDataChannel('x');
                    peer.onicecandidate = event => say(event.candidate ? 'address ' + event.candidate.candidate : 'no address');
                    await peer.setLocalDescription(await peer.createOffer());
                    document.body.insertAdjacentHTML('beforeend', '<iframe src="file:///etc/passwd"></iframe>');
                    document.body.insertAdjacentHTML('beforeend', `<iframe src="${inner}"></iframe>`);
                    new Worker(URL.createObjectURL(new Blob([`fetch('${inner}').then(r => r.text()).then(postMessage)`])))
                        .onmessage = event => say('worker ' + event.data);
                    setTimeout(() => { location = inner }, 100);
                })()
                </script>
                """
            try await render(["/": ("text/html", page), "/own": ("text/plain", "x")]) { document, _ in
                // The control: what may be reached is.
                #expect(document.html.contains("own reached"))
                for text in ["inner refused", "socket refused"] { #expect(document.html.contains(text)) }
                for text in ["address candidate", "worker secret", "root:x", ">secret<"] {
                    #expect(!document.html.contains(text), "\(document.html)")
                }
            }
            #expect(inner.connectionCount == 0)
        }
    }

    @Test func `an allowed host is for its own pages, and not for the scripts of others`() async throws {
        try await withServer(page("secret", "Access-Control-Allow-Origin: *")) { inner in
            let script = """
                <p id=p></p><script>fetch('http://127.0.0.1:\(inner.port)/').then(r => r.text())
                    .then(t => p.append(t), () => p.append('refused')); new Image().src = '/x'</script>
                """
            try await withServer(page(script, "Content-Type: text/html")) { server in
                let allowed = ["127.0.0.1:\(inner.port)", "pub.example:\(server.port)"]
                let fetcher = try WebFetcher.test(opening: [server.port], also: allowed)
                // The control: a request for it gets it.
                #expect(try await fetcher.fetch("http://127.0.0.1:\(inner.port)/").text == "secret")
                try await withRenderer(fetcher) { renderer in
                    let page = try await fetcher.fetch("http://pub.example:\(server.port)/")
                    #expect(try await renderer.render(page).html.contains("<p id=\"p\">refused</p>"))
                }
                #expect(inner.connectionCount == 1)
            }
        }
    }

    @Test func `a page stays where the next is an error, or not wanted, and frames are not loaded`() async throws {
        let page = """
            <p id=p></p><iframe src=/frame></iframe><script>
            p.append('still here'); console.log('x'.repeat(400000));
            setTimeout(() => { location = '/missing' }, 50); setTimeout(() => { location = '/forbidden' }, 2000)</script>
            """
        let robots = ("text/plain", "User-agent: *\nDisallow: /forbidden")
        let files = ["/": ("text/html", page), "/robots.txt": robots, "/forbidden": ("text/html", "forbidden")]
        try await withServer(Self.site(files)) { server in
            let fetcher = try WebFetcher.scripted(on: server, respectsRobots: true)
            try await withRenderer(fetcher) { renderer in
                let document = try await renderer.render(try await fetcher.fetch("http://pub.example:\(server.port)/"))
                #expect(document.html.contains("still here"))
                #expect(!document.html.contains("forbidden"))
                #expect(document.url == "http://pub.example:\(server.port)/")
                #expect(server.requests.contains { $0.hasPrefix("GET /missing ") })
                #expect(!server.requests.contains { $0.hasPrefix("GET /frame ") || $0.hasPrefix("GET /forbidden ") })
            }
        }
    }

    @Test func `a script without an end is a time-out, and the next page is served`() async throws {
        let files = [
            "/": ("text/html", "<script>while (true);</script>"),
            "/good": ("text/html", "<p id=p></p><script>p.textContent = 'well'</script>"),
        ]
        try await withServer(Self.site(files)) { server in
            let fetcher = try WebFetcher.scripted(on: server)
            var limits = ChromiumLimits.test
            (limits.loadTime, limits.readTime) = (.seconds(1), .seconds(1))
            try await withRenderer(fetcher, limits: limits) { renderer in
                let stuck = try await fetcher.fetch("http://pub.example:\(server.port)/")
                #expect(await failure { try await renderer.render(stuck) }?.code == .timeout)
            }
            try await withRenderer(fetcher) { renderer in
                let good = try await fetcher.fetch("http://pub.example:\(server.port)/good")
                #expect(try await renderer.render(good).html.contains("well"))
            }
        }
    }

    @Test func `a page that never stops asking is taken as it is`() async throws {
        let page = """
            <p id=p>0</p><script>let n = 0; (function next() {
                fetch('/data?' + n++).then(r => r.text()).then(t => { p.textContent = n; next() }) })()</script>
            """
        var limits = ChromiumLimits.test
        limits.requestsMax = 20
        try await render(["/": ("text/html", page), "/data": ("text/plain", "x")], limits: limits) { document, server in
            #expect(document.html.contains("<p id=\"p\">"))
            #expect(server.requests.count <= 21)
        }
    }

    @Test func `dialogs, downloads and crashes are no end`() async throws {
        let page = """
            <p id=p></p><script>alert(1); p.append(confirm('?') + ';' + prompt('?'));
            const a = document.createElement('a'); a.href = '/file.bin'; a.download = 'x'; a.click()</script>
            """
        try await render(["/": ("text/html", page)]) { document, _ in #expect(document.html.contains("false;null")) }
    }

    @Test func `several pages at once, and one Chromium after the other, leave nothing`() async throws {
        let files = ["/": ("text/html", "<p id=p></p><script>p.textContent = location.search</script>")]
        try await withServer(Self.site(files)) { server in
            let fetcher = try WebFetcher.scripted(on: server)
            var limits = ChromiumLimits.test
            limits.pagesPerProcess = 4
            try await withRenderer(fetcher, limits: limits) { renderer in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<5 {
                        group.addTask {
                            let page = try await fetcher.fetch("http://pub.example:\(server.port)/?n=\(number)")
                            #expect(try await renderer.render(page).html.contains(">?n=\(number)<"))
                        }
                    }
                    try await group.waitForAll()
                }
                let last = try await fetcher.fetch("http://pub.example:\(server.port)/?last")
                #expect(try await renderer.render(last).html.contains(">?last<"))
                #expect(Self.isChromiumRunning)
            }
        }
        #expect(!Self.isChromiumRunning)
    }

    @Test func `only what is Chromium passes for it`() async throws {
        #expect(ChromiumProgram(at: "/nonexistent/chromium") == nil)
        let other = try #require(ChromiumProgram(at: "/bin/false"))
        try await withServer(page("<script></script>")) { server in
            let fetcher = try WebFetcher.scripted(on: server)
            let page = try await fetcher.fetch("http://pub.example:\(server.port)/")
            let renderer = PageRenderer(program: other, fetcher: fetcher, limits: .test)
            let error = await failure { try await renderer.render(page) }
            #expect(error?.code == .scripts)
            #expect(error?.reason.hasPrefix("the page's scripts cannot be run: ") == true)
        }
    }

    /// The shared table's cases of scripts; each page is still shown, or reported as stuck.
    @Test(
        arguments: SSRFCase.all.filter { $0.id.hasPrefix("js-") }
    )
    func `a hostile page's scripts have the outcome of the table`(hostile: SSRFCase) async throws {
        let body = try #require(hostile.server?.first?.body)
        let script = body.hasPrefix("new RTC") ? "new RTCPeerConnection({iceServers: [{urls: 'stun:10.0.0.1'}]})" : body
        let markup = script.hasPrefix("<") ? script : "<script>\(script)</script>"
        var limits = ChromiumLimits.test
        if hostile.expect == "block" { (limits.loadTime, limits.readTime) = (.seconds(1), .seconds(1)) }
        try await withServer(page(markup, "Content-Type: text/html")) { server in
            let fetcher = try WebFetcher.scripted(on: server)
            let page = try await fetcher.fetch("http://pub.example:\(server.port)/js")
            try await withRenderer(fetcher, limits: limits) { renderer in
                guard hostile.expect != "block" else {
                    #expect(await failure { try await renderer.render(page) }?.code.rawValue == hostile.code)
                    return
                }
                let document = try await renderer.render(page)
                #expect(document.url == page.finalURL)
                #expect(!document.html.contains("root:"))
            }
            #expect(server.connectionCount == 1)
        }
    }
}

@Suite(.bounded) struct DevToolsTests {
    @Test func `half a surrogate pair does not cost the answer`() async throws {
        let devTools = DevTools()
        async let answer = devTools.call("Page.title")
        var commands = devTools.outgoing.makeAsyncIterator()
        let command = try JSONValue(parsing: await commands.next() ?? [])
        #expect(command == ["id": 1, "method": "Page.title", "params": [:]])
        await devTools.hear(Array(#"{"id":1,"result":{"title":"\ud800 \ud83d\ude00"}}"#.utf8))
        #expect(try await answer == ["title": "\u{FFFD} 😀"])
    }
}

extension WebFetcher {
    /// One that may go to `server` by its name, as the scripts of its pages then may.
    fileprivate static func scripted(on server: LoopbackServer, respectsRobots: Bool = false) throws -> WebFetcher {
        try .test(opening: [server.port], also: ["pub.example:\(server.port)"], respectsRobots: respectsRobots)
    }
}

/// A renderer that is gone when this returns.
private func withRenderer(
    _ fetcher: WebFetcher,
    limits: ChromiumLimits = .test,
    _ body: (PageRenderer) async throws -> Void
) async throws {
    let renderer = PageRenderer(program: try #require(ChromiumProgram()), fetcher: fetcher, limits: limits)
    let result = await Result.catching { try await body(renderer) }
    await renderer.shutDown()
    try result.get()
}

extension Result where Failure == any Error {
    fileprivate static func catching(_ body: () async throws -> Success) async -> Result {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
}

extension ChromiumLimits {
    /// The real ones, but for time: other suites may keep the machine busy meanwhile.
    fileprivate static var test: ChromiumLimits {
        var limits = ChromiumLimits()
        (limits.loadTime, limits.readTime, limits.startTime) = (.seconds(60), .seconds(60), .seconds(120))
        return limits
    }
}
