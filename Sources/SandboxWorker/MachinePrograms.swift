internal import LinuxIsolation
internal import LinuxSystem

/// Programs of ours in the root of every machine.
enum MachinePrograms {
    private static let directory = "usr/local/lib/harmonium"

    /// Puts `apply_patch` into the template at `root`: a script that runs a copy of this program.
    ///
    /// It runs with the libraries and the loader of this process, so that it does in images that have others or none.
    static func showApplyPatch(in root: String) throws(SystemError) {
        var loader = ""
        for file in try ThisProcess.programFiles() {
            let bytes = try Files.read(file.path, bytesMax: 128 << 20)
            try create("\(root)/\(directory)/\(linkName(file.name))", bytes)
            if file.name.hasPrefix("ld-") { loader = file.name }
        }
        let script = """
            #!/bin/sh
            exec /\(directory)/\(loader) --inhibit-cache --library-path /\(directory) /\(directory)/program \
            \(WorkerProgram.applyPatchWord) "$@"

            """
        try create("\(root)/usr/local/bin/apply_patch", Array(script.utf8))
    }

    /// The name by which a loader looks for a library, such as `libz.so.1` for `libz.so.1.2.13`.
    private static func linkName(_ name: String) -> String {
        let parts = name.split(separator: ".")
        guard let end = parts.firstIndex(of: "so"), parts.count > end + 2 else { return name }
        return parts[...(end + 1)].joined(separator: ".")
    }

    private static func create(_ path: String, _ bytes: [UInt8]) throws(SystemError) {
        try Files.create(path, bytes)
        try Files.setMode(path, 0o755)
    }
}
