import Foundation
import SystemPackage
import Testing

extension EndToEndTests {
    /// Cells in the style of what models send, on Jupyter's own kernel and on a daemon.
    @Suite(.enabled(if: Comparison.hasKernel, "run scripts/setup --tests"))
    struct ComparisonTests {
        @Test(.timeLimit(.minutes(4)))
        func `cells show what they show in Jupyter, but for what is wanted otherwise`() async throws {
            try await Daemon.run { daemon in
                let run = try await Program.run(FilePath(Comparison.kernel), [Comparison.script, daemon.base])
                print(run.output)
                #expect(run.exitCode == 0, "\(run.errors)")
            }
        }
    }
}

private enum Comparison {
    static let script = Program.packageRoot.appending(path: "sandbox/compare/compare.py").path
    /// The interpreter of an environment with Jupyter's kernel, and the packages of the machine.
    static let kernel = Program.packageRoot.appending(path: ".build/venv/kernel/bin/python").path

    static var hasKernel: Bool { FileManager.default.isExecutableFile(atPath: kernel) }
}
