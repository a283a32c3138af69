internal import Foundation
internal import LinuxSystem

/// Where the images of containers are, unless something else is said.
enum ImagePlace {
    /// The place of root, and of a server that root has started; or else this user's own.
    static var usual: String {
        let environment = ProcessInfo.processInfo.environment
        let own = environment["XDG_DATA_HOME"] ?? environment["HOME"].map { "\($0)/.local/share" }
        let isRoots = ThisProcess.user == 0 || Capabilities.administerSystem.areHeld
        guard !isRoots, environment["STATE_DIRECTORY"] == nil, let own else {
            return (environment["STATE_DIRECTORY"] ?? "/var/lib/harmonium") + "/images"
        }
        return "\(own)/harmonium/images"
    }
}
