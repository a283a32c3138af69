import Foundation
import Subprocess
import SystemPackage

/// Lends the port of a site that a program of `Clients` serves, as long as `body` runs.
///
/// - Throws: `SiteError` where the program ends without naming a port, and what `body` throws.
func withSite(
    of program: String,
    _ arguments: [String] = [],
    _ body: (String) async throws -> Void
) async throws {
    let script = Program.packageRoot.appending(path: "Tests/EndToEndTests/Clients/\(program)").path
    let served = try await Subprocess.run(
        .path("/usr/bin/python3"),
        arguments: Arguments([script] + arguments),
        input: .none,
        output: .sequence,
        error: .discarded
    ) { execution in
        for try await port in execution.standardOutput.strings() {
            defer { kill(execution.processIdentifier.value, SIGKILL) }
            try await body(port)
            return true
        }
        return false
    }
    guard served.closureResult else { throw SiteError(description: "\(program) ended without naming a port") }
}

/// A site that does not serve.
private struct SiteError: Error, CustomStringConvertible {
    let description: String
}
