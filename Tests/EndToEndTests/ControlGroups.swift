import SystemPackage

/// The control groups that workers make.
enum ControlGroups {
    /// The directories of a worker, in every hierarchy.
    static func made(byWorker pid: Int32) async throws -> [Substring] {
        let name = "harmonium-\(pid)"
        let arguments = ["/sys/fs/cgroup", "-type", "d", "-path", "*/\(name)*"]
        // Groups of others may go while it looks, which it complains of.
        return try await Program.run(FilePath("/usr/bin/find"), arguments).output.split(separator: "\n")
            .filter { $0.split(separator: "/").contains(name[...]) }
    }
}
