internal import ContainerProtocol
internal import ContainerTool
internal import Glibc
internal import LinuxSystem
internal import SandboxProtocol

extension CommandOutcome {
    /// The end as the tools have it.
    var asExecEnd: ExecEnd {
        let cause: ExecEnd.Cause =
            switch end {
            case .exited(let status): .exited(Int(status))
            case .signaled(let signal): .signaled(Int(signal))
            case .outOfMemory: .outOfMemory
            case .notStarted(.program(let code)) where code == ENOENT: .exited(127)
            case .notStarted: .exited(126)
            }
        let stop: ExecEnd.Stop? =
            switch stop {
            case .timeLimit: .timeLimit
            case .outputLimit: .outputLimit
            case .request, nil: nil
            }
        return ExecEnd(
            cause,
            stop: stop,
            duration: .microseconds(Int64(clamping: microseconds)),
            keptOutput: keptOutput.isEmpty ? nil : String(decoding: keptOutput, as: UTF8.self)
        )
    }

    /// Why the command could not be started, as a shell would say it; nil if it was.
    func reason(of program: String?, in directory: String?, as user: String?) -> String? {
        guard case .notStarted(let failure) = end else { return nil }
        let program = program.map { "\($0): " } ?? ""
        return switch failure {
        case .workingDirectory(let code):
            "\(directory ?? "the working directory"): \(SystemError.words(for: code))"
        case .program(let code):
            "\(program)\(code == ENOENT ? "command not found" : SystemError.words(for: code))"
        case .unknownUser: "unable to find user \(user ?? "of the image"): no matching entries in passwd file"
        case .tooManyCommands: nil
        case .resources(let code): "\(program)\(SystemError.words(for: code))"
        }
    }
}
