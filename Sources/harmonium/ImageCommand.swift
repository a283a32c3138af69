internal import ArgumentParser
internal import ContainerImages
internal import Foundation

/// `harmonium image`: the images that containers can be started from.
struct ImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "Keep the images of containers: root file systems, OCI layouts, and what docker save writes.",
        discussion: """
            Archives may be compressed with gzip. Digests are checked, and nothing in an archive is run.

              harmonium image import rootfs.tar.gz
              harmonium image import saved.tar --name debian --reference debian:12
              harmonium image check debian
            """,
        subcommands: [Import.self, List.self, Check.self, Remove.self],
        defaultSubcommand: List.self
    )

    struct Place: ParsableArguments {
        @Option(name: .long, help: "The directory of the images; only its user may enter it.")
        var store: String?

        func open() throws -> ImageStore {
            try ImageCommand.reporting { () throws(ImageError) in try ImageStore(store ?? ImagePlace.usual) }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Import an image, and say what it is.")

        @Argument(help: "The archive, or the directory of an OCI layout.")
        var path: String

        @Option(name: .long, help: "What the image is called here; made from the path if not given.")
        var name: String?

        @Option(name: .long, help: "Which image of an archive with several, as the archive calls it.")
        var reference: String?

        @OptionGroup var place: Place

        func run() async throws {
            let store = try place.open()
            let image = try ImageCommand.reporting { () throws(ImageError) in
                try store.importImage(path, as: name ?? Import.name(of: path), reference: reference)
            }
            print(ImageCommand.line(image))
            for remark in image.remarks { Terminal.note("\(image.name): \(remark)") }
        }

        /// The file's name without what says how it is packed.
        static func name(of path: String) -> String {
            var name = URL(filePath: path).lastPathComponent
            for ending in [".gz", ".tgz", ".tar"] where name.hasSuffix(ending) { name.removeLast(ending.count) }
            return name
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say which images there are.")

        @OptionGroup var place: Place

        func run() async throws {
            for image in try place.open().images() { print(ImageCommand.line(image)) }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a container from an image would miss.",
            discussion: "The exit code is 1 if no container can be started from it."
        )

        @Argument(help: "The name of the image.")
        var name: String

        @OptionGroup var place: Place

        func run() async throws {
            let store = try place.open()
            let problems = try ImageCommand.reporting { () throws(ImageError) in try store.check(name) }
            for problem in problems { print("\(problem.isFatal ? "error" : "note")\t\(problem)") }
            if problems.contains(where: \.isFatal) { throw ExitCode(1) }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove an image with its files.")

        @Argument(help: "The name of the image.")
        var name: String

        @OptionGroup var place: Place

        func run() async throws {
            let store = try place.open()
            try ImageCommand.reporting { () throws(ImageError) in try store.remove(name) }
        }
    }

    private static func line(_ image: Image) -> String {
        "\(image.name)\t\(image.digest.prefix(19))\t\(image.entries) entries\t\((image.bytes + (1 << 20) - 1) >> 20) MiB"
    }

    private static func reporting<Value>(_ body: () throws(ImageError) -> Value) throws -> Value {
        do throws(ImageError) {
            return try body()
        } catch {
            Terminal.note("harmonium: \(error.description)")
            throw ExitCode(1)
        }
    }
}
