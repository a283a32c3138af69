internal import LinuxSystem
internal import Logging

/// What the daemon may do on this machine.
enum Privileges {
    /// What the layers of a session's isolation take: namespaces and mounts, users, control groups of root's.
    private static let needed: Capabilities = [
        .administerSystem, .setUser, .setGroup, .overrideFilePermissions, .kill,
    ]

    /// As root, becomes the user that is set and keeps only what is needed: this program is run again.
    ///
    /// Returns where there is nothing to give up. Throws if the user does not exist.
    static func giveUp(_ settings: Settings) throws {
        guard ThisProcess.user == 0 else { return }
        guard settings.user != "root" else {
            Logger.current.warning("Running as root, as privilege.user says")
            return
        }
        let user = try user(settings)
        let missing = needed.union(.dropCapabilities).missing
        guard missing.isEmpty else {
            throw SettingsError(
                "started as root without \(missing): add them (CapabilityBoundingSet=, --cap-add), or start as another user"
            )
        }
        if settings.browser.index.isEmpty {
            do {
                try IndexPlace.share(with: user)
            } catch {
                Logger.current.warning("The local index has no lasting place", metadata: ["error": "\(error)"])
            }
        }
        Logger.current.info("Started as root, going on as another user", metadata: ["user.id": "\(user.id)"])
        try needed.restart(asUser: user.id, group: user.group)
    }

    /// Who a daemon becomes that is started as root. Throws if the user does not exist.
    static func user(_ settings: Settings) throws -> SystemUser {
        let names = settings.user.isEmpty ? ["harmonium", "nobody"] : [settings.user]
        guard let user = names.lazy.compactMap(SystemUser.init(named:)).first else {
            throw SettingsError("privilege.user: there is no user \(names.joined(separator: " or "))")
        }
        return user
    }
}
