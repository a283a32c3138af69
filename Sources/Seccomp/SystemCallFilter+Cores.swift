internal import Glibc

extension SystemCallFilter {
    /// Refuses every other limit on cores than the one of `CoreDumps.refuse()`. A process may lower even a hard limit, and
    /// with a limit of 0 a crash starts the program that `kernel.core_pattern` names.
    ///
    /// With `ENOSYS`, because GnuPG ends at once if it cannot set the limit to 0 for another reason.
    public static let keepingCoreLimit: [Rule] = [
        .init("setrlimit", .argument(0, is: coreResource), action: .fail(ENOSYS)),
        // Without a new limit the call only asks.
        .init("prlimit64", .argument(1, is: coreResource), .argument(2, isNot: 0), action: .fail(ENOSYS)),
    ]

    /// `RLIMIT_CORE`.
    private static let coreResource: UInt64 = 4
}
