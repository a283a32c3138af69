internal import NIOCore

/// What goes on between a session and the host that it was connected to.
struct Relay: Sendable {
    private let connection: ProxyConnection
    private let request: RequestHead
    private let client: ByteWriter

    private var state: ConnectionState { connection.state }

    init(_ connection: ProxyConnection, of request: RequestHead, to client: ByteWriter) {
        self.connection = connection
        self.request = request
        self.client = client
    }

    /// Serves the request until both ends are done with it, and closes `upstream`.
    func run(_ reader: inout ByteReader, _ upstream: ByteChannel) async throws {
        try await upstream.executeThenClose { inbound, outbound in
            let host = ByteWriter(channel: upstream.channel, outbound: outbound)
            switch request.kind {
            case .tunnel: try await tunnel(&reader, from: inbound, to: host)
            case .forward: try await forward(&reader, from: inbound, to: host)
            }
        }
    }

    // MARK: Tunnels

    private func tunnel(
        _ reader: inout ByteReader,
        from inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        to host: ByteWriter
    ) async throws {
        try await client.write(Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await breakingOff {
                    var fromHost = ByteReader(inbound)
                    try await copy(&fromHost, to: client, .down)
                }
            }
            try await breakingOff { try await copy(&reader, to: host, .up) }
            try await group.waitForAll()
        }
        state.end(.completed)
    }

    private func copy(_ reader: inout ByteReader, to writer: ByteWriter, _ direction: Direction) async throws {
        while let buffer = try await reader.next() { try await send(buffer, to: writer, direction) }
        try await writer.finish()
    }

    // MARK: Requests

    private func forward(
        _ reader: inout ByteReader,
        from inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        to host: ByteWriter
    ) async throws {
        try await send(ByteBuffer(bytes: request.forwarded), to: host, .up)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await breakingOff { try await answer(from: inbound) } }
            try await breakingOff { try await upload(&reader, to: host) }
            try await group.waitForAll()
        }
    }

    /// Passes the request's body on, and stays until the session has its answer and closes.
    private func upload(_ reader: inout ByteReader, to host: ByteWriter) async throws {
        var body = BodyScanner(request.framing)
        var isHostListening = true
        while let buffer = try await reader.next() {
            if state.isAnswered { continue }
            // A second request, which `Connection: close` excluded; nothing is read any more.
            if body.isDone { return }
            let part = buffer.getSlice(at: buffer.readerIndex, length: try body.scan(buffer.readableBytesView))
            guard let part, isHostListening else { continue }
            do {
                try await send(part, to: host, .up)
            } catch {
                if error is OverLimit { throw error }
                // It may have answered before it hung up.
                isHostListening = false
            }
        }
        if !body.isDone, !state.isAnswered { try await host.finish() }
    }

    /// Passes the answer on; reports it if it is not HTTP.
    private func answer(from inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async throws {
        var reader = ByteReader(inbound)
        guard let (head, framing) = try await finalHead(&reader) else {
            return await connection.refuse(.malformedAnswer(request.destination), client)
        }
        if let length = framing.length, length > connection.limits.connectionBytesMax {
            return await connection.refuse(.connectionBytes(connection.limits.connectionBytesMax), client)
        }
        try await send(ByteBuffer(bytes: head.forwarded), to: client, .down)
        var body = BodyScanner(framing)
        while !body.isDone, let buffer = try await reader.next() {
            let part = buffer.getSlice(at: buffer.readerIndex, length: try body.scan(buffer.readableBytesView))
            if let part { try await send(part, to: client, .down) }
        }
        guard body.mayEnd else { throw ChannelError.eof }
        try await connection.finishAnswer(client)
    }

    /// The head of the real answer, after those that ask for patience have been passed on.
    private func finalHead(_ reader: inout ByteReader) async throws -> (ResponseHead, BodyFraming)? {
        while let bytes = try await headBytes(&reader) {
            guard let head = ResponseHead(bytes), let framing = head.framing(answering: request.method) else {
                return nil
            }
            guard head.isInterim else { return (head, framing) }
            // We never ask for another protocol.
            guard head.status != 101 else { return nil }
            try await send(ByteBuffer(bytes: head.forwarded), to: client, .down)
        }
        return nil
    }

    private func headBytes(_ reader: inout ByteReader) async throws -> [UInt8]? {
        do {
            return try await reader.head(bytesMax: ResponseHead.bytesMax)
        } catch {
            // One that hung up has not answered; one that we broke off is no matter of its own.
            guard error is ByteReader.TooLong || state.reason == nil else { throw error }
            return nil
        }
    }

    // MARK: Both

    private typealias Direction = ConnectionState.Direction

    /// More than the limits grant.
    private struct OverLimit: Error {}

    /// Passes on as much as the limits grant.
    private func send(_ buffer: ByteBuffer, to writer: ByteWriter, _ direction: Direction) async throws {
        let granted = state.take(buffer.readableBytes, direction)
        if let part = buffer.getSlice(at: buffer.readerIndex, length: granted), granted > 0 {
            try await writer.write(part)
        }
        if granted < buffer.readableBytes { throw OverLimit() }
    }

    /// Ends both ends at the first failure of one: each waits for the other.
    private func breakingOff(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            state.stop(error is BodyScanner.Malformed ? .malformed : .interrupted)
            throw error
        }
    }
}
