import Foundation
import JSON
import Testing

extension EndToEndTests {
    /// Work as models do it in containers, each piece in a session of its own.
    @Suite(.daemon("--set", "container.network=loopback")) struct ContainerWorkTests {
        private let daemon: Daemon

        init() throws { daemon = try #require(Daemon.shared) }

        @Test(.enabled(if: Program.isThere("/usr/bin/git"), "no git")) func `git clones a repository`() async throws {
            let script = """
                cd; git init -q origin; cd origin; git config user.email a@example.com; git config user.name A
                echo cloned > file; git add file; git commit -qm One; git clone -q file:///root/origin /root/copy
                cat /root/copy/file
                """
            #expect(try await daemon.bash(script, in: "git").text == "cloned\n")
        }

        @Test(.enabled(if: Program.isThere("/usr/bin/gcc"), "no gcc")) func `a program in C is compiled and runs`()
            async throws
        {
            let script = #"""
                cd; printf '#include <stdio.h>\nint main(void) { puts("built"); return 3; }\n' > a.c; gcc a.c -o a && ./a
                """#
            #expect(try await daemon.bash(script, in: "c").text == "built\nexit code: 3")
        }

        @Test(.enabled(if: Program.isThere("/usr/bin/dpkg-deb"), "no dpkg"))
        func `a package of Debian's form is installed, removed and installed by apt`() async throws {
            let script = #"""
                cd /tmp; mkdir -p p/DEBIAN p/usr/bin
                printf 'Package: lighthouse\nVersion: 1.0\nArchitecture: all\nMaintainer: A <a@example.com>\n' > p/DEBIAN/control
                printf 'Depends: libc6\nDescription: A light.\n' >> p/DEBIAN/control
                printf '#!/bin/sh\necho shining\n' > p/usr/bin/lighthouse
                printf '#!/bin/sh\nset -e\necho configured > /etc/lighthouse.conf\n' > p/DEBIAN/postinst
                chmod 755 p/usr/bin/lighthouse p/DEBIAN/postinst
                dpkg-deb -b --root-owner-group p lighthouse.deb > log 2>&1 && dpkg -i lighthouse.deb >> log 2>&1 || cat log
                lighthouse; cat /etc/lighthouse.conf; dpkg -s lighthouse | grep Status
                dpkg -r lighthouse > log 2>&1 || cat log; test -e /usr/bin/lighthouse || echo gone
                apt-get install -y ./lighthouse.deb > log 2>&1 || cat log
                lighthouse
                """#
            let answer = try await daemon.bash(script, in: "deb")
            #expect(
                answer.text == "shining\nconfigured\nStatus: install ok installed\ngone\nshining\n"
            )
        }

        @Test(.enabled(if: Program.isThere("/usr/bin/python3"), "no python3"))
        func `pip installs a wheel for all later commands`() async throws {
            let script = #"""
                cd /tmp; cat > make.py <<'EOF'
                import zipfile
                wheel = zipfile.ZipFile("lighthouse-1.0-py3-none-any.whl", "w")
                about = "lighthouse-1.0.dist-info"
                wheel.writestr("lighthouse.py", "answer = 42\n")
                wheel.writestr(about + "/METADATA", "Metadata-Version: 2.1\nName: lighthouse\nVersion: 1.0\n")
                wheel.writestr(about + "/WHEEL", "Wheel-Version: 1.0\nGenerator: us\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
                wheel.writestr(about + "/RECORD", "")
                wheel.close()
                EOF
                python3 make.py
                python3 -m pip install -q --break-system-packages --no-index ./lighthouse-1.0-py3-none-any.whl > log 2>&1 || cat log
                """#
            #expect(try await daemon.bash(script, in: "pip").text == "[no output]")
            let used = try await daemon.bash(
                "cd /; python3 -c 'import lighthouse; print(lighthouse.answer)'",
                in: "pip"
            )
            #expect(used.text == "42\n")
        }

        @Test func `a web server in the background answers a later command`() async throws {
            let start = """
                mkdir /site; echo served > /site/index.html
                setsid python3 -m http.server 8000 --bind 127.0.0.1 -d /site > /dev/null 2>&1 &
                """
            #expect(try await daemon.bash(start, in: "web").text == "[no output]")
            let fetch = """
                for try in $(seq 100); do
                    curl -sf --noproxy '*' http://127.0.0.1:8000/ && break; sleep 0.1
                done
                """
            #expect(try await daemon.bash(fetch, in: "web").text == "served\n")
            #expect(try await daemon.bash("curl -s http://127.0.0.1:8000/ || echo none", in: "other").text == "none\n")
        }

        @Test func `apply_patch makes and edits files`() async throws {
            let script = """
                mkdir /work; cd /work; printf 'one\\ntwo\\n' > old.txt
                apply_patch <<'EOF'
                *** Begin Patch
                *** Add File: sub/new.txt
                +made
                *** Update File: /work/old.txt
                @@
                -two
                +three
                *** End Patch
                EOF
                cat sub/new.txt old.txt
                """
            #expect(try await daemon.bash(script, in: "patch").text == "Done!\nmade\none\nthree\n")
            let failed = try await daemon.bash("cd /work; apply_patch 'no patch'", in: "patch")
            #expect(failed.text.hasSuffix("No file was changed.\nexit code: 1"))
        }

        @Test func `python3, bash and a program that fills the screen are used by typing`() async throws {
            let python = try await daemon.terminal(
                ["python3", "-q"],
                named: "p",
                in: "typing",
                typing: [("print(6 * 7)\n", "42"), ("\u{4}", "[session ended, exit code 0]")]
            )
            #expect(python.contains("42") && python.hasSuffix("[session ended, exit code 0]"))
            let shell = try await daemon.terminal(
                ["bash", "--norc"],
                named: "b",
                in: "typing",
                typing: [
                    ("echo slee''ping; sleep 1000\n", "sleeping"), ("\u{3}", "^C"), ("echo ba''ck\n", "back"),
                    ("\u{4}", "[session ended"),
                ]
            )
            #expect(shell.contains("back") && shell.contains("[session ended, exit code"))
            let pager = try await daemon.terminal(
                ["bash", "-c", "seq 1000 > /tmp/lines; exec less /tmp/lines"],
                named: "l",
                in: "typing",
                typing: [("G", "1000"), ("q", "[session ended, exit code 0]")]
            )
            #expect(pager.contains("1000") && pager.hasSuffix("[session ended, exit code 0]"))
        }

        @Test func `of long output a file has all`() async throws {
            let script = "for i in $(seq 10000); do echo compiling file number $i; done"
            let answer = try await daemon.bash(script, in: "long")
            let file = try #require(answer.text.firstMatch(of: #/(/tmp/output-[0-9]+\.txt)/#)?.1)
            #expect(answer.text.contains("omitted") && answer.text.hasSuffix("number 10000\n"))
            #expect(
                try await daemon.bash("wc -l < \(file); sed -n 5000p \(file)", in: "long").text
                    == "10000\ncompiling file number 5000\n"
            )
        }

        @Test func `a command that takes too long leaves the machine usable`() async throws {
            let answer = try await daemon.bash("echo begun; sleep 1234", in: "slow", ["timeout": 1000])
            #expect(answer.text.hasPrefix("begun\n") && answer.text.contains("Command failed because it timed out."))
            #expect(try await daemon.bash("pgrep -x sleep || echo usable", in: "slow").text == "usable\n")
        }

        @Test func `two sessions do not see each other`() async throws {
            _ = try await daemon.bash(
                "echo secret > /usr/lib/secret; echo secret > /mnt/data/secret; setsid sleep 4321 &",
                in: "first"
            )
            let seen = try await daemon.bash(
                "cat /usr/lib/secret /mnt/data/secret; pgrep -a sleep; echo over",
                in: "second"
            )
            #expect(
                !seen.text.contains("4321") && !seen.text.contains("secret\nsecret") && seen.text.hasSuffix("over\n")
            )
            #expect(
                try await daemon.bash("cat /usr/lib/secret; pgrep -a sleep", in: "first").text.contains("sleep 4321")
            )
        }
    }
}
