import LinuxSystem

/// Where a session's interpreters come from: ordered from the zygote, put into the session's group.
final class InterpreterSource {
    private let orders: Descriptor
    private let door: ControlGroupDoor

    /// Orders by mail to `orders`; `door` leads into the session's group.
    init(orders: consuming Descriptor, door: consuming ControlGroupDoor) {
        self.orders = orders
        self.door = door
    }

    /// Gets an interpreter, confined and ready for a cell; if it is urgent, one whose first cell is a little slower.
    func next(isUrgent: Bool) throws -> Interpreter { try order(isUrgent: isUrgent).confined() }

    /// Orders an interpreter, which can be forked while this process still closes its own layers.
    func order(isUrgent: Bool) throws(SystemError) -> OrderedInterpreter {
        let control = try UnixSocket.makePair()
        let output = try Pipe()
        let end = try Pipe()
        try Order.send(
            control: control.second,
            output: output.writeEnd,
            end: end.writeEnd,
            door: door,
            isUrgent: isUrgent,
            through: orders
        )
        return OrderedInterpreter(
            control: control.intoFirst(),
            output: output.intoReadEnd(),
            end: end.intoReadEnd()
        )
    }

    /// How much memory the session holds, in bytes; nil where its group does not bound it.
    var memoryHeld: UInt64? { door.memoryHeld() }

    /// How many processes of the session the kernel has killed for want of memory.
    var memoryKills: Int { door.memoryKills() }
}

/// An interpreter that waits until the session's namespaces are what they are to be.
struct OrderedInterpreter: ~Copyable {
    private let control: Descriptor
    private let output: Descriptor
    private let end: Descriptor

    init(control: consuming Descriptor, output: consuming Descriptor, end: consuming Descriptor) {
        self.control = control
        self.output = output
        self.end = end
    }

    /// Lets it enter the namespaces and confine itself, and waits until it has.
    consuming func confined() throws -> Interpreter {
        try control.writeAll([0])
        return try Interpreter(control: control, output: output, end: end)
    }
}
