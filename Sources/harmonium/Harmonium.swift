internal import ArgumentParser

/// The version of this program, as `serverInfo` and `--version` say it.
let version = "0.2.0"

@main
struct Harmonium: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "harmonium",
        abstract: "The tool server for gpt-oss models: sandboxed tools over MCP.",
        discussion: """
            Exit codes: 0 done; 1 failed, or the tool's result is an error; 64 the command line or a setting is wrong.
            """,
        version: version,
        subcommands: [
            ServeCommand.self, CallCommand.self, RespondCommand.self, ChatCommand.self, ExecCommand.self,
            ShellCommand.self, SessionsCommand.self,
            DoctorCommand.self, VocabularyCommand.self,
            TokensCommand.self,
            RenderCommand.self, ParseCommand.self, BrowseCommand.self, IndexCommand.self,
            ImageCommand.self,
            ConfineCommand.self,
        ]
    )
}
