internal import LinuxSystem
internal import Subprocess
internal import SystemPackage
internal import WebFetch

/// Chromium as it is started here: steered through two pipes, with no network, none of this machine's data and no
/// privileges.
///
/// It runs the scripts of strangers. Its own sandbox holds each page; around all of it, util-linux puts namespaces: a
/// network without interfaces (`unshare --net`), so that there is no way out but the pipes; processes of its own; a root
/// with programs, libraries and settings (`/usr`, `/etc`), five devices, an empty `/tmp` and nothing else; no new
/// privileges and, where the daemon is root, the user `nobody` (`setpriv`). Where one of these cannot be had, it does not
/// start; `--no-sandbox` is never passed.
package struct ChromiumProgram: Sendable {
    /// The file that is run.
    package let path: String

    /// What the program is called, the smallest first.
    private static let names = ["chromium-headless-shell", "chromium", "google-chrome-stable"]

    /// The program at `path`, or where programs are if that is empty; nil if there is none.
    package init?(at path: String = "") {
        let candidates =
            path.isEmpty
            ? Self.names.flatMap { name in Unprivileged.directories.map { "\($0)/\(name)" } } : [path]
        guard let found = candidates.first(where: Files.isExecutable) else { return nil }
        self.path = found
    }

    /// Run in namespaces of its own, as their root: makes another root, moves the pipes to where Chromium looks for them,
    /// and runs what it is given, whose sixth word is Chromium.
    private static let preparation = """
        set -e
        mount -t tmpfs -o size=512m,mode=755,nosuid,nodev tmpfs /tmp
        cd /tmp
        show() { mkdir -p ".$1"; mount --rbind "$1" ".$1"; }
        for place in /usr /etc /bin /sbin /lib /lib32 /lib64 /libx32; do
            if [ -L "$place" ]; then cp -P "$place" ".$place"; elif [ -d "$place" ]; then show "$place"; fi
        done
        case $6 in /usr/*) ;; *) show "${6%/*}" ;; esac
        show /proc
        mkdir -p dev tmp old
        for device in null zero full random urandom; do : >dev/$device; mount --bind /dev/$device dev/$device; done
        mkdir -m 1777 dev/shm
        chmod 1777 tmp
        pivot_root . old
        cd /
        umount -l /old
        exec 3<&0 4>&1 </dev/null >&2
        exec "$@"
        """

    private static let options = [
        "--headless", "--remote-debugging-pipe", "--user-data-dir=/tmp/profile", "--no-first-run",
        "--no-default-browser-check", "--disable-background-networking", "--disable-breakpad",
        "--disable-client-side-phishing-detection", "--disable-component-update", "--disable-default-apps",
        "--disable-extensions", "--disable-gpu", "--disable-quic", "--disable-sync", "--deny-permission-prompts",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--mute-audio", "--no-pings",
        "--js-flags=--max-old-space-size=256", "--renderer-process-limit=4", "--window-size=1280,1600",
    ]

    /// What is run, and with what.
    var command: (executable: Executable, arguments: Arguments, environment: Environment) {
        var environment: [Environment.Key: String] = [:]
        environment["PATH"] = Unprivileged.directories.joined(separator: ":")
        environment["HOME"] = "/tmp"
        environment["LANG"] = "C.UTF-8"
        let namespaces = [
            "unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--ipc", "--fork", "--kill-child",
            "--mount-proc", "--", "sh", "-c", Self.preparation, "sh",
        ]
        // It refuses to be root, even where that means little.
        let number = Unprivileged.userNumber
        let user = ["unshare", "--user", "--map-user=\(number)", "--map-group=\(number)", "--"]
        let words = Unprivileged.prefix + namespaces + user + [path] + Self.options
        return (.path(FilePath(words[0])), Arguments(Array(words.dropFirst())), .custom(environment))
    }
}
