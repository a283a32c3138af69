internal import AsyncAlgorithms
internal import MCP
internal import NIOCore

/// The way of events to one client.
///
/// Holds nothing: a sender waits until the client's socket has taken what was sent before.
struct EventChannel: Sendable {
    let buffers = AsyncChannel<ByteBuffer>()

    /// Sends one message of the protocol.
    func send(_ message: OutgoingMessage) async {
        await send(event: "message", message.bytes)
    }

    /// Sends `data`, which has no line breaks; nil for `event` sends the data alone, as Chat Completions has it.
    func send(event: String?, _ data: some Collection<UInt8> & Sendable) async {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(data.count + 64)
        if let event { buffer.writeString("event: \(event)\r\n") }
        buffer.writeString("data: ")
        buffer.writeBytes(data)
        buffer.writeString("\r\n\r\n")
        await buffers.send(buffer)
    }

    /// Sends the word with which some clients expect a stream to end.
    func sendDone() async { await send(event: nil, Array("[DONE]".utf8)) }

    /// Sends something that clients ignore, every `interval`, until it is cancelled.
    func keepAlive(every interval: Duration) async {
        do {
            while true {
                try await Task.sleep(for: interval)
                await buffers.send(ByteBuffer(string: ": keep-alive\r\n\r\n"))
            }
        } catch {
            // Cancelled: the stream has ended.
        }
    }

    /// Ends the stream; what is sent from now on is dropped.
    func finish() { buffers.finish() }
}
