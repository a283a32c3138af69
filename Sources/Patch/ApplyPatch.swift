internal import Glibc
internal import LinuxSystem

/// The program `apply_patch`.
public enum ApplyPatch: Sendable {
    /// Applies the patch that is the first argument after the program's name, or else on standard input.
    ///
    /// Says `Done!` on standard output, as the reference does, or the reason on standard error.
    /// - Returns: The exit status: 0, or 1 if no file has been changed. The reference has 0 for both.
    public static func run(_ arguments: [String], files: some PatchFiles = RealFiles()) -> Int32 {
        do throws(PatchError) {
            let text = arguments.count > 1 ? Array(arguments[1].utf8) : try standardInput()
            try Patch(parsing: text).apply(to: files)
        } catch {
            write("apply_patch: \(error.description)\nNo file was changed.\n", to: STDERR_FILENO)
            return 1
        }
        write("Done!\n", to: STDOUT_FILENO)
        return 0
    }

    private static func standardInput() throws(PatchError) -> [UInt8] {
        let input = Descriptor(owning: STDIN_FILENO)
        var text: [UInt8] = []
        do throws(SystemError) {
            // One byte too many is enough for the text to be refused.
            while text.count <= Patch.bytesMax, let bytes = try input.read(upTo: 1 << 20), !bytes.isEmpty {
                text += bytes
            }
        } catch {
            _ = input.release()
            throw PatchError(.fileSystem, "standard input: \(error)")
        }
        _ = input.release()
        return text
    }

    private static func write(_ text: String, to number: Int32) {
        let output = Descriptor(owning: number)
        // Where the reader has gone, the exit status says it.
        try? output.writeAll(Array(text.utf8))
        _ = output.release()
    }
}
