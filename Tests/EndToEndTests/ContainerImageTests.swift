import Foundation
import JSON
import SystemPackage
import Testing

extension EndToEndTests {
    /// Sessions that begin with an image.
    @Suite(.enabled(if: Program.isThere("/usr/bin/busybox"), "no busybox-static")) struct ContainerImageTests {
        /// What `docker save` would write of an image with BusyBox alone; it has hostile links where files of ours come to.
        private static let archive = """
            set -e; cd "$0"; mkdir -p tree/bin tree/etc tree/home; cp /usr/bin/busybox tree/bin/busybox
            for name in sh ls cat id echo stat touch rm mkdir; do ln tree/bin/busybox tree/bin/$name; done
            echo of the image > tree/home/file; ln -s /proc/self/root/tmp/escaped tree/etc/hosts; chmod 1755 tree/home
            tar -C tree --owner=0 --group=0 -cf layer.tar . && rm -r tree
            digest=$(sha256sum layer.tar | cut -d' ' -f1); architecture=$(dpkg --print-architecture)
            echo '{"architecture":"'$architecture'","config":{"Env":["PATH=/bin:/usr/local/bin","KIND=box"]},' > config.json
            echo '"rootfs":{"type":"layers","diff_ids":["sha256:'$digest'"]}}' >> config.json
            config=$(sha256sum config.json | cut -d' ' -f1).json; mv config.json $config
            echo '[{"Config":"'$config'","RepoTags":["box:1"],"Layers":["layer.tar"]}]' > manifest.json
            tar -cf saved.tar manifest.json $config layer.tar
            """

        /// An OCI layout of an image that says where its commands begin and whose they are.
        private static let layout = """
            set -e; cd "$0"; mkdir -p tree/bin tree/etc tree/srv/work layout/blobs/sha256
            cp /usr/bin/busybox tree/bin/busybox
            for name in sh cat id rmdir; do ln tree/bin/busybox tree/bin/$name; done
            printf 'root:x:0:0::/root:/bin/sh\\nkeeper:x:1500:1600::/srv/keeper:/bin/sh\\n' > tree/etc/passwd
            tar -C tree --owner=0 --group=0 -cf layer . && rm -r tree
            store() {
                digest=sha256:$(sha256sum $1 | cut -d' ' -f1); mv $1 layout/blobs/sha256/${digest#*:}
                entry='"digest":"'$digest'","size":'$(stat -c %s layout/blobs/sha256/${digest#*:})
            }
            type=application/vnd.oci.image
            store layer; layer='{"mediaType":"'$type'.layer.v1.tar",'$entry'}'
            echo '{"architecture":"'$(dpkg --print-architecture)'","config":{"Env":["PATH=/bin","KIND=layout"],' > config
            echo '"User":"keeper","WorkingDir":"/srv/work"},"rootfs":{"type":"layers","diff_ids":["'$digest'"]}}' >> config
            store config; echo '{"schemaVersion":2,"mediaType":"'$type'.manifest.v1+json",' > manifest
            echo '"config":{"mediaType":"'$type'.config.v1+json",'$entry'},"layers":['$layer']}' >> manifest
            store manifest; echo '{"imageLayoutVersion":"1.0.0"}' > layout/oci-layout
            echo '{"schemaVersion":2,"manifests":[{"mediaType":"'$type'.manifest.v1+json",'$entry'}]}' > layout/index.json
            """

        private static func withImage(
            of script: String = archive,
            in place: String = "saved.tar",
            _ body: @escaping @Sendable (_ daemon: Daemon, _ store: String) async throws -> Void
        ) async throws {
            let state = try TemporaryDirectory()
            defer { state.remove() }
            let made = try await Program.run(FilePath("/bin/bash"), ["-c", script, state.path])
            #expect(made.exitCode == 0, "\(made.errors)")
            let store = "\(state.path)/harmonium/images"
            let imported = try await Program.run(
                ["image", "import", "\(state.path)/\(place)", "--name", "box", "--store", store]
            )
            #expect(imported.exitCode == 0, "\(imported.errors)")
            try await Daemon.run(state: state) { daemon in try await body(daemon, store) }
        }

        @Test func `a session begins with the image that it asks for, and changes it for itself`() async throws {
            try await Self.withImage { daemon, store in
                let look =
                    "cat /home/file /etc/hosts; stat -c %u:%g:%a /home; id -u; echo $KIND; ls /usr/bin 2>&1 | cat"
                let seen = try await daemon.container(
                    "exec",
                    ["cmd": ["sh", "-c", .string(look)]],
                    in: "a",
                    image: "box"
                )
                #expect(seen.text.hasPrefix("of the image\n127.0.0.1 localhost sandbox\n"), "\(seen.text)")
                #expect(seen.text.contains("0:0:1755\n0\nbox\n") && !seen.text.contains("python3"))
                let change = """
                    echo mine > /home/file; echo mine > /bin/new; rm /bin/ls; cd /home
                    apply_patch '*** Begin Patch
                    *** Update File: file
                    @@
                    -mine
                    +patched
                    *** End Patch'; cat file
                    """
                let changed = try await daemon.container("exec", ["cmd": ["sh", "-c", .string(change)]], in: "a")
                #expect(changed.text == "Done!\npatched\n")
                let other = try await daemon.container(
                    "exec",
                    ["cmd": ["sh", "-c", "cat /home/file; ls /bin/new"]],
                    in: "b",
                    image: "box"
                )
                #expect(other.text.hasPrefix("of the image\n") && other.text.contains("No such file"))
                let removed = try await Program.run(["image", "remove", "box", "--store", store])
                #expect(removed.exitCode == 1 && removed.errors.contains("a session uses it"))
                let usual = try await daemon.bash("ls /usr/bin/env", in: "c")
                #expect(usual.text == "/usr/bin/env\n")
            }
        }

        @Test func `a command has the image's directory, user and environment, unless its call says otherwise`()
            async throws
        {
            try await Self.withImage(of: Self.layout, in: "layout") { daemon, _ in
                let exec = { @Sendable (script: String, others: JSONObject) in
                    let command: JSONObject = ["cmd": ["sh", "-c", .string(script)]]
                    return try await daemon.container("exec", command.merging(others), in: "a", image: "box").text
                }
                let look = "pwd; id -u; id -g; echo $KIND $HOME $USER"
                #expect(try await exec(look, [:]) == "/srv/work\n1500\n1600\nlayout /srv/keeper keeper\n")
                let others: JSONObject = ["workdir": "/etc", "user": "0", "env": ["KIND": "own"]]
                #expect(try await exec(look, others) == "/etc\n0\n0\nown /root root\n")
                let terminal = try await daemon.terminal(
                    ["sh"],
                    named: "t",
                    in: "a",
                    typing: [("pwd; id -u\n", "1500")]
                )
                #expect(terminal.contains("/srv/work\n1500"))
                // Files are copied as root all the same.
                let change = "umask 77; echo private > /root/file; rmdir /srv/work"
                #expect(try await exec(change, ["user": "root"]) == "[no output]")
                #expect(try await exec("cat /root/file 2>&1; pwd", [:]).hasSuffix("Permission denied\n/\n"))
                let branch = try await Program.run(["sessions", "branch", "a", "b", "--url", daemon.base])
                #expect(branch.exitCode == 0, "\(branch.errors)")
                let copied: JSONObject = ["cmd": ["sh", "-c", "cat /root/file; id -u"], "user": "root"]
                #expect(try await daemon.container("exec", copied, in: "b").text == "private\n0\n")
                // The control: without the image a session is what it always is.
                #expect(try await daemon.bash("pwd; id -u; echo $HOME [$KIND]", in: "c").text == "/\n0\n/root []\n")
            }
        }

        @Test func `the workers of images are shown to an operator, and doctor tries each image`() async throws {
            try await Self.withImage { daemon, store in
                let images = { try await daemon.readiness()["tools"]?["container"]?["images"]?.array }
                #expect(try await images() == [])
                _ = try await daemon.container("exec", ["cmd": ["echo", "run"]], in: "a", image: "box")
                let shown = try await images()
                #expect(shown?.count == 1 && shown?.first?["image"] == "box" && shown?.first?["network"] == "none")
                #expect(shown?.first?["isReady"] == true)
                #expect(shown?.first?["isolation"]?.array?.contains { $0.string?.hasPrefix("on ") == true } == true)
                let doctor = { try await Program.run(["doctor", "--set", "container.images=\(store)"]).output }
                let well = try await doctor()
                #expect(well.contains("[ok] a command in a container from the image box: 977966748\n"), "\(well)")
                #expect(well.contains("[note] sessions of container from the image box with the network none:\n[ok]"))
                try FileManager.default.removeItem(atPath: "\(store)/box/root/bin/sh")
                #expect(try await doctor().contains("[missing] the image box: there is no sh\n"))
            }
        }

        @Test func `an image that is not there, or differs from the session's, is a sentence`() async throws {
            try await Self.withImage { daemon, _ in
                let run = { @Sendable (image: String?) in
                    try await daemon.container("exec", ["cmd": ["echo", "run"]], in: "a", image: image)
                }
                let missing = try await run("../box")
                #expect(missing.isError && missing.text.contains("Leave out the header x-session-image"))
                #expect(try await run("box").text == "run\n")
                #expect(try await run(nil).text == "run\n")
                let differing = try await run("other")
                #expect(differing.isError && differing.text.contains("from another image"))
            }
        }
    }
}
