import Patch

/// Applies a patch to the files of this machine, or to none of them.
func edit(_ text: String) throws {
    let patch = try Patch(parsing: Array(text.utf8))
    try patch.apply(to: RealFiles())
}
