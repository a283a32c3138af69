internal import CLinux
internal import CSeccomp
internal import Glibc

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
        let condition: Condition?
        let action: Action

        /// Holds for every such call.
        public init(_ call: String, _ action: Action) {
            self.call = call
            condition = nil
            self.action = action
        }

        /// Holds for calls whose argument number `argument`, from 0 and under `mask`, is `value`.
        ///
        /// The mask keeps to the bits that the kernel reads: of most arguments it drops the upper half, and a filter
        /// that compares it can be got round.
        public init(_ call: String, argument: UInt32, mask: UInt64 = 0xFFFF_FFFF, is value: UInt64, _ action: Action) {
            self.call = call
            condition = Condition(argument: argument, mask: mask, value: value)
            self.action = action
        }
    }

    struct Condition: Equatable, Sendable {
        let argument: UInt32
        let mask: UInt64
        let value: UInt64
    }

    /// The instructions as `struct sock_filter`.
    private let program: [UInt8]

    /// Builds the program; a call that no rule names is not made and fails with `ENOSYS`, as do those of other
    /// architectures. Names that this machine's architecture does not have are passed over.
    public init(_ rules: [Rule]) throws(SystemError) {
        guard let filter = unsafe seccomp_init(cseccomp_fail(ENOSYS)) else {
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
        let action =
            switch rule.action {
            case .allow: cseccomp_allow()
            case .fail(let code): cseccomp_fail(code)
            }
        let result =
            if let condition = rule.condition {
                unsafe cseccomp_add_masked(
                    filter,
                    action,
                    call,
                    condition.argument,
                    condition.mask,
                    condition.value
                )
            } else {
                unsafe cseccomp_add(filter, action, call)
            }
        try check("seccomp_rule_add \(rule.call)", result)
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
