internal import CLinux
internal import CSeccomp
internal import Glibc
public import LinuxSystem

/// Which system calls a process may make: a program of the kernel's, built once and installed in many processes.
public struct SystemCallFilter: Sendable {
    /// What becomes of a call.
    public enum Action: Equatable, Sendable {
        /// It is made.
        case allow
        /// It is not made, and fails with this `errno`.
        case fail(CInt)
    }

    /// What becomes of a call by name.
    public struct Rule: Equatable, Sendable {
        let call: String
        let conditions: [Condition]
        let action: Action

        /// Holds for such calls that meet all of the conditions, each of which is of another argument.
        public init(_ call: String, _ conditions: Condition..., action: Action) {
            self.call = call
            self.conditions = conditions
            self.action = action
        }
    }

    /// Something about one argument of a call.
    public struct Condition: Equatable, Sendable {
        let argument: UInt32
        let mask: UInt64
        let value: UInt64
        let isEqual: Bool

        /// Argument number `argument`, from 0 and under `mask`, is `value`.
        ///
        /// The mask keeps to the bits that the kernel reads: of most arguments it drops the upper half, and a filter
        /// that compares it can be got round.
        public static func argument(_ argument: UInt32, mask: UInt64 = 0xFFFF_FFFF, is value: UInt64) -> Condition {
            Condition(argument: argument, mask: mask, value: value, isEqual: true)
        }

        /// Argument number `argument`, all of whose bits the kernel reads, is not `value`.
        public static func argument(_ argument: UInt32, isNot value: UInt64) -> Condition {
            Condition(argument: argument, mask: .max, value: value, isEqual: false)
        }
    }

    /// The instructions as `struct sock_filter`.
    private let program: [UInt8]

    /// Builds the program; `otherwise` becomes of a call that no rule fits, and those of other architectures fail with
    /// `ENOSYS`. A rule whose action is `otherwise` is an error. Names that this machine's architecture does not have are
    /// passed over.
    ///
    /// - Throws: `SystemError` of libseccomp; `ENOMEM` where there is no room for the program.
    public init(_ rules: [Rule], otherwise: Action) throws(SystemError) {
        guard let filter = unsafe seccomp_init(SystemCallFilter.number(of: otherwise)) else {
            throw SystemError("seccomp_init", code: ENOMEM)
        }
        defer { unsafe seccomp_release(filter) }
        try check("seccomp_attr_set", unsafe seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, cseccomp_fail(ENOSYS)))
        // A search tree instead of a chain: 2 is libseccomp's name for that.
        try check("seccomp_attr_set", unsafe seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2))
        for rule in rules { try unsafe SystemCallFilter.add(rule, to: filter) }
        program = try unsafe SystemCallFilter.export(filter)
    }

    /// Holds this process, and all that it will start, to the rules for good. New privileges must be forbidden before.
    ///
    /// Of several filters each is asked, and a call is made if all allow it; where two refuse it, it fails as the one says
    /// that was installed last.
    ///
    /// - Throws: `SystemError`; `EACCES` where new privileges are not forbidden.
    public func install() throws(SystemError) {
        let result = unsafe program.withUnsafeBytes { bytes in
            unsafe clinux_install_filter(bytes.baseAddress, bytes.count)
        }
        try check("seccomp", result)
    }

    private static func add(_ rule: Rule, to filter: scmp_filter_ctx) throws(SystemError) {
        let call = unsafe seccomp_syscall_resolve_name(rule.call)
        // Negative numbers stand for calls that other architectures have.
        guard call >= 0 else { return }
        let comparisons = rule.conditions.map { condition in
            scmp_arg_cmp(
                arg: condition.argument,
                op: condition.isEqual ? SCMP_CMP_MASKED_EQ : SCMP_CMP_NE,
                datum_a: condition.isEqual ? condition.mask : condition.value,
                datum_b: condition.value
            )
        }
        let result = unsafe seccomp_rule_add_array(
            filter,
            number(of: rule.action),
            call,
            UInt32(comparisons.count),
            comparisons
        )
        try check("seccomp_rule_add \(rule.call)", result)
    }

    private static func number(of action: Action) -> UInt32 {
        switch action {
        case .allow: cseccomp_allow()
        case .fail(let code): cseccomp_fail(code)
        }
    }

    private static func export(_ filter: scmp_filter_ctx) throws(SystemError) -> [UInt8] {
        let file = Descriptor(owning: try check("memfd_create", unsafe clinux_memory_file("seccomp")))
        try check("seccomp_export_bpf", unsafe seccomp_export_bpf(filter, file.number))
        guard lseek(file.number, 0, SEEK_SET) == 0 else { throw SystemError("lseek", code: errno) }
        var program: [UInt8] = []
        while let bytes = try file.read(upTo: 1 << 16), !bytes.isEmpty { program += bytes }
        return program
    }
}
