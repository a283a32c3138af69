internal import NIOCore
internal import Synchronization

/// The connections that have been accepted and that no task serves yet, so that none is lost when serving ends.
///
/// A wrapped channel must not be forgotten while it is open: NIO takes that for a mistake and stops the process. But
/// what its server's sequence still holds when its reader is cancelled is forgotten just so.
final class AcceptedChannels: Sendable {
    private struct State {
        var waiting: [ObjectIdentifier: ByteChannel] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Prepares a new connection, on its event loop; closes it if it comes too late.
    func add(_ channel: any Channel) throws -> ByteChannel {
        try state.withLock { state in
            guard !state.isClosed else {
                channel.close(promise: nil)
                throw ChannelError.ioOnClosedChannel
            }
            let wrapped = try ByteChannel(wrappingChannelSynchronously: channel, configuration: .relayed)
            state.waiting[ObjectIdentifier(channel)] = wrapped
            return wrapped
        }
    }

    /// Someone serves it now.
    func remove(_ channel: ByteChannel) {
        state.withLock { _ = $0.waiting.removeValue(forKey: ObjectIdentifier(channel.channel)) }
    }

    /// Closes those that were left, and any that comes after.
    func closeAll() async {
        let left = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for channel in left {
            do {
                try await channel.executeThenClose { _, _ in }
            } catch {
                // It was closed already, which is all that is wanted.
                continue
            }
        }
    }
}
