internal import Glibc
internal import LinuxSystem

/// How a program is started that reads what strangers have written, so that it can do no more than that.
///
/// What is around it, from the outside: a filter of system calls (`harmonium confine`), for there are no sockets and no
/// tracing in reading; namespaces of its own, of which the network has no interface and the processes are its own
/// (`unshare`); a root with programs and libraries (`/usr`) and nothing else, not even `/proc` or a device; limits on time,
/// memory, files and descriptors (`prlimit`); no capabilities, no new privileges and, where the daemon is root, the user
/// `nobody` (`setpriv`). Where one of these cannot be had, it does not start.
struct ConfinedReader: Sendable {
    /// What it is called; it is looked for in the `PATH` of the environment that it is given.
    let program: String
    let arguments: [String]
    /// Of processor time.
    let seconds: Int64
    /// Of address space.
    let memoryBytes: Int
    /// Whether the process that starts it is root, which needs no user namespace and becomes `nobody`.
    var isRoot = geteuid() == 0

    /// What the words that it says begin with where it could not be confined.
    static let complaints = [
        "confine", "unshare", "sh", "mount", "umount", "mkdir", "pivot_root", "prlimit", "setpriv",
    ]

    /// The first word is the path of a file.
    var words: [String] {
        let user = isRoot ? [] : ["--user", "--map-root-user"]
        let namespaces = ["--net", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--"]
        return Unprivileged.confinement + ["unshare"] + user + namespaces
            + ["sh", "-c", preparation, "sh", program] + arguments
    }

    /// Run as the root of the namespaces: makes another root, and runs the program with what it had given up.
    ///
    /// The program is its child: the first process of a namespace would not end by the signal of a broken pipe.
    private var preparation: String {
        """
        set -e\(isRoot ? "" : ConfinedReader.noNamespaces)
        program=$(command -v "$1") || exit 127
        shift
        mount -t tmpfs -o size=1m,mode=755,nosuid,nodev tmpfs /dev
        cd /dev
        show() { mkdir -p ".$1"; mount --rbind "$1" ".$1"; }
        for place in /usr /bin /sbin /lib /lib32 /lib64 /libx32; do
            if [ -L "$place" ]; then cp -P "$place" ".$place"; elif [ -d "$place" ]; then show "$place"; fi
        done
        case $program in /usr/*) ;; *) show "${program%/*}" ;; esac
        show /proc
        mkdir old
        pivot_root . old
        cd /
        umount -l /old
        umount -l /proc
        rmdir /old /proc
        prlimit \(limits) -- setpriv \(privileges) -- "$program" "$@"
        exit
        """
    }

    /// No rights are to be had in a user namespace below this one; where that cannot be said, the filter is left.
    private static let noNamespaces = "; { echo 0 >/proc/sys/user/max_user_namespaces; } 2>/dev/null || :"

    private var limits: String {
        let processes = isRoot ? "" : " --nproc=16"
        return "--cpu=\(seconds) --as=\(memoryBytes) --fsize=0 --nofile=64\(processes)"
    }

    private var privileges: String {
        let number = Unprivileged.userNumber
        let user = isRoot ? " --reuid=\(number) --regid=\(number) --clear-groups" : ""
        let root = isRoot ? "" : " --securebits=+noroot,+noroot_locked"
        return "--no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all\(user)\(root)"
    }
}
