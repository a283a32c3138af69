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

        private static func withImage(
            _ body: @escaping @Sendable (_ daemon: Daemon, _ store: String) async throws -> Void
        ) async throws {
            let state = try TemporaryDirectory()
            defer { state.remove() }
            let made = try await Program.run(FilePath("/bin/bash"), ["-c", archive, state.path])
            #expect(made.exitCode == 0, "\(made.errors)")
            let store = "\(state.path)/harmonium/images"
            let imported = try await Program.run(
                ["image", "import", "\(state.path)/saved.tar", "--name", "box", "--store", store]
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
