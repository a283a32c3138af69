import JSON
import MCP
import TestSupport
import Testing

@testable import ContainerTool
@testable import Harmony

@Suite(.bounded) struct ContainerNamespaceTests {
    /// The text of published system prompts, less `open_image`, which gpt-oss models are not shown.
    private let trained = """
        # Tools

        ## container

        // Utilities for interacting with a container, for example, a Docker container.
        // (container_tool, 1.2.0)
        // (lean_terminal, 1.0.0)
        // (caas, 2.3.0)
        namespace container {

        // Feed characters to an exec session's STDIN. Then, wait some amount of time, flush STDOUT/STDERR, and show the \
        results. To immediately flush STDOUT/STDERR, feed an empty string and pass a yield time of 0.
        type feed_chars = (_: {
        // Which exec session to feed characters to.
        session_name: string,
        // The characters to feed. May be empty.
        chars: string,
        // Number of milliseconds to wait before flushing STDOUT/STDERR.
        yield_time_ms?: number, // default: 100
        }) => any;

        // Returns the output of the command. Allocates an interactive pseudo-TTY if (and only if)
        // `session_name` is set.
        type exec = (_: {
        cmd: string[],
        // Set an exec session name to allocate a pseudo-TTY for the output (e.g. to run a shell). Session names must be \
        unique per-container. After a session is closed its name may be recycled.
        session_name?: string,
        // The working directory for the command.
        workdir?: string,
        // The maximum time to wait for the command to complete in milliseconds.
        timeout?: number,
        env?: object,
        // The user to run the command as.
        user?: string,
        }) => any;

        } // namespace container
        """

    @Test func `the namespace is declared as models were trained to read it`() throws {
        let namespace = ContainerNamespace(machines: FakeMachine())
        let tools = namespace.tools.map(\.description).filter { !$0.isHiddenFromPrompt }.map { tool in
            ToolDeclaration(
                name: tool.name,
                description: tool.description,
                parameters: tool.inputSchema
            )
        }
        let declaration = NamespaceDeclaration(
            name: namespace.name,
            description: namespace.instructions,
            tools: tools
        )
        #expect(TypeScript(flavor: .openAI).section(declaring: ["container": declaration]) == trained)
    }

    @Test func `what models are not shown can be called, and a download only where there are any`() {
        let without = ContainerNamespace(machines: FakeMachine()).tools.map(\.description)
        #expect(without.map(\.name) == ["feed_chars", "exec", "open_image"])
        #expect(without.map(\.isHiddenFromPrompt) == [false, false, true])
        let with = ContainerNamespace(machines: FakeMachine(), downloads: FakeDownloads()).tools.map(\.description)
        #expect(with.last?.name == "download")
        #expect(with.last?.isHiddenFromPrompt == true)
    }

    @Test func `cleaning up ends the machine`() async {
        let machine = FakeMachine()
        await ContainerNamespace(machines: machine).cleanUp(SessionKey(id: "one", endsWithConnection: false))
        #expect(machine.asked.ended == ["one"])
    }

    @Test func `an image follows its text, and nothing else is an image`() async throws {
        let machine = FakeMachine(FakeMachine.Behavior(file: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        let shown = try await machine.call("open_image", ["path": "/a.png"])
        #expect(shown.text == "[/a.png, image/png, 8 bytes]")
        #expect(
            shown.result.content.last
                == .image(data: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], mimeType: "image/png")
        )
        machine.behave(FakeMachine.Behavior(file: Array("<svg/>".utf8)))
        #expect(try await machine.call("open_image", ["path": "/a.svg"]).result.isError)
        #expect(try await machine.call("open_image", ["path": "a.png"]).text.contains("absolute"))
        machine.behave(FakeMachine.Behavior(error: .file("/a: No such file or directory")))
        #expect(try await machine.call("open_image", ["path": "/a"]).text == "/a: No such file or directory.")
    }

    @Test func `a download is a file of the machine`() async throws {
        let machine = FakeMachine()
        let downloads = FakeDownloads()
        let arguments: JSONObject = ["url": "http://a/b", "filepath": "/tmp/b"]
        let shown = try await machine.call("download", arguments, downloads: downloads)
        #expect(shown.text == "Downloaded 10 bytes to /tmp/b.")
        #expect(machine.asked.written["/tmp/b"] == Array("http://a/b".utf8))
        let refused = try await machine.call("download", ["url": "file:///b", "filepath": "/b"], downloads: downloads)
        #expect(refused.result.isError && refused.text == "No.")
    }
}

private struct FakeDownloads: Downloads {
    func fetch(_ url: String, bytesMax: Int) throws -> [UInt8] {
        guard url.hasPrefix("http") else { throw DownloadError("No.") }
        return Array(url.utf8)
    }
}
