import ContainerProtocol

/// What a command has that does not say otherwise: what the session's image says, or else root of the machine.
struct CommandDefaults {
    /// What its environment begins with.
    let environment: [(name: String, value: String)]
    /// Where it begins; empty for `/`.
    let directory: [UInt8]
    /// Whose it is; empty for root.
    let user: [UInt8]

    /// The environment of `command`, whose user is `account`.
    func variables(of command: Command, as account: Account) -> [[UInt8]] {
        let terminal = [(name: "TERM", value: command.terminal == nil ? "dumb" : "xterm")]
        let given = Set(command.environment.map { $0.prefix { $0 != UInt8(ascii: "=") } })
        return (environment + terminal).filter { !given.contains(Array($0.name.utf8)[...]) }
            .map { Array("\($0.name)=\(own($0, of: account))".utf8) } + command.environment
    }

    /// The value of a variable, which is the account's where it says who root is and the account is another's.
    private func own(_ variable: (name: String, value: String), of account: Account) -> String {
        switch (variable.name, variable.value) {
        case ("HOME", "/root"): account.home ?? variable.value
        case ("USER", "root"), ("LOGNAME", "root"): account.name ?? variable.value
        default: variable.value
        }
    }
}
