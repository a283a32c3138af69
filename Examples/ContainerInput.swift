import ContainerProtocol

/// What the daemon sends for input to a command in a container, and what its session reads.
func describeInput(_ text: String, to command: UInt32) throws {
    let frame = ContainerRequest.input(command, Array(text.utf8)).frame
    guard case .input(let number, let bytes) = try ContainerRequest(frame) else { return }
    print("command \(number) reads", String(decoding: bytes, as: UTF8.self).debugDescription)
}
