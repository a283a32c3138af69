import LinuxSystem
import SandboxProtocol

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
    func next(isUrgent: Bool) throws -> Interpreter {
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
        return try Interpreter(
            control: control.intoFirst(),
            output: output.intoReadEnd(),
            end: end.intoReadEnd()
        )
    }

    /// How many processes of the session the kernel has killed for want of memory.
    var memoryKills: Int { door.memoryKills() }
}
