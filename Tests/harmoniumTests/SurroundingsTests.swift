import Foundation
import TestSupport
import Testing

@testable import harmonium

@Suite(.bounded) struct SurroundingsTests {
    /// The pods that were measured, as files of a machine: a name, what lies there, and a part of each remedy.
    private static let cases:
        [(name: String, files: [String: String], environment: [String: String], remedies: [String])] =
            [
                ("a plain machine", [:], [:], []),
                (
                    "Docker by default", ["/.dockerenv": "", "/proc/self/status": filtered, mounts: covered], [:],
                    ["seccomp=unconfined", "systempaths=unconfined", "apparmor=unconfined"]
                ),
                ("Docker with what docs/deployment.md names", ["/.dockerenv": "", "/proc/self/status": free], [:], []),
                (
                    "Kubernetes by default", ["/proc/self/cgroup": "0::/kubepods/pod1", mounts: covered], [:],
                    ["procMount: Unmasked"]
                ),
                (
                    "Kubernetes with a seccomp profile", ["/proc/self/status": filtered],
                    ["KUBERNETES_SERVICE_HOST": "10.0.0.1"],
                    ["seccompProfile.type: Unconfined"]
                ),
                (
                    "Ubuntu 24.04", ["/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n"], [:],
                    ["apparmor_restrict_unprivileged_userns=0"]
                ),
                ("a hardened service", [mounts: covered], [:], ["ProtectKernelTunables"]),
            ]
    private static let mounts = "/proc/self/mountinfo"
    private static let filtered = "Name:\tx\nSeccomp:\t2\nSeccomp_filters:\t1\n"
    private static let free = "Name:\tx\nSeccomp:\t0\n"
    private static let covered = """
        22 1 0:21 / /proc rw - proc proc rw
        30 22 0:5 /null /proc/kcore rw - devtmpfs devtmpfs rw
        """

    @Test(arguments: cases.indices)
    func `what stands in the way is named with its remedy`(index: Int) throws {
        let sample = Self.cases[index]
        let root = FileManager.default.temporaryDirectory.appending(path: "surroundings-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in sample.files {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        let found = Surroundings(root: root.path(percentEncoded: false), environment: sample.environment)
        #expect(found.remedies.count == sample.remedies.count, "\(sample.name): \(found.remedies)")
        for (remedy, part) in zip(found.remedies, sample.remedies) {
            #expect(remedy.contains(part), "\(sample.name)")
        }
    }
}
