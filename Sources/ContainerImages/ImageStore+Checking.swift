internal import LinuxSystem

/// Something about an image that a session would stumble over.
public struct ImageProblem: Equatable, Sendable, CustomStringConvertible {
    /// Whether no session can be started from it; else some commands will fail.
    public let isFatal: Bool
    /// What it is.
    public let description: String
}

extension ImageStore {
    /// What a session would miss in an image; nothing if it has all that models use.
    ///
    /// - Throws: `notFound`, `fileSystem`.
    public func check(_ name: String) throws(ImageError) -> [ImageProblem] {
        let image = try image(name)
        let tree = try explaining { () throws(SystemError) in try ConfinedTree(image.path, keepsOwners: false) }
        var problems: [ImageProblem] = []
        for place in ["dev", "proc", "sys", "tmp", "mnt", "etc"] {
            let isPlain = try explaining { () throws(SystemError) in try tree.canBeMountedOn(Array(place.utf8)) }
            if !isPlain { problems.append(ImageProblem(isFatal: true, description: "/\(place) is no directory")) }
        }
        if let architecture = image.configuration.architecture,
            architecture != ImageConfiguration.machineArchitecture
        {
            problems.append(ImageProblem(isFatal: true, description: "its programs are for \(architecture)"))
        }
        if !tree.hasProgram("sh") { problems.append(ImageProblem(isFatal: true, description: "there is no sh")) }
        for program in ["bash", "ls", "tar", "git", "python3", "curl", "rg"] where !tree.hasProgram(program) {
            problems.append(ImageProblem(isFatal: false, description: "there is no \(program)"))
        }
        return problems + image.remarks.map { ImageProblem(isFatal: false, description: $0) }
    }
}

extension ConfinedTree {
    fileprivate borrowing func hasProgram(_ name: String) -> Bool {
        for directory in ["usr/local/bin", "usr/bin", "bin", "usr/sbin", "sbin"] {
            if (try? openFile(Array("\(directory)/\(name)".utf8))) != nil { return true }
        }
        return false
    }
}
