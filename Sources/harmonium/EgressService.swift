internal import Egress
internal import Foundation
internal import LinuxSystem
internal import Logging
internal import NIOCore
internal import NetworkAccess
internal import Synchronization

/// Receives the listening sockets of sessions, and serves each with the allow-list proxy.
final class EgressService: Sendable {
    /// The path of the descriptor socket that workers send to.
    let socket: String
    private let policy: AllowList
    /// Where the daemon itself listens; nil until it does.
    private let ownPort = Mutex<Int?>(nil)
    private let listeners = Listeners()

    /// Sockets that have arrived and are not used yet, and the tasks that wait for one.
    private actor Listeners {
        private static let arrivedMax = 1024
        private var arrived: [[UInt8]: CInt] = [:]
        private var waiting: [[UInt8]: CheckedContinuation<CInt?, Never>] = [:]

        func deliver(_ number: CInt, token: [UInt8]) {
            if let waiting = waiting.removeValue(forKey: token) { return waiting.resume(returning: number) }
            // Only a session that ends before its socket is used leaves one here.
            if arrived.count >= Listeners.arrivedMax, let stale = arrived.popFirst() { close(stale.value) }
            arrived[token] = number
        }

        /// Nil if the caller is cancelled before the socket has come.
        func take(_ token: [UInt8]) async -> CInt? {
            if let number = arrived.removeValue(forKey: token) { return number }
            return await withTaskCancellationHandler {
                await withCheckedContinuation { waiting[token] = $0 }
            } onCancel: {
                // Ends at once.
                Task { await giveUp(token) }
            }
        }

        private func giveUp(_ token: [UInt8]) {
            waiting.removeValue(forKey: token)?.resume(returning: nil)
        }
    }

    /// Lets the sessions of a tool reach what its settings allow, but never the daemon itself.
    init(for sandboxes: Settings.Sandboxes, in directory: RuntimeDirectory) throws {
        do {
            policy = try AllowList(allowing: sandboxes.egress)
        } catch {
            throw SettingsError("\(sandboxes.tool).egress: \(error)")
        }
        socket = "\(directory.path)/egress-\(sandboxes.tool).sock"
        let listener = try UnixSocket.listenDescriptorSocket(at: socket).release()
        let listeners = listeners
        // Blocking calls, so a thread of its own; it ends with the process.
        Thread.detachNewThread { EgressService.receive(on: Descriptor(owning: listener), into: listeners) }
    }

    /// Says where the daemon listens, before the first session can ask for anything.
    func listens(on port: Int) {
        ownPort.withLock { $0 = port }
    }

    /// Serves the session whose socket came with `token`, until cancelled.
    func serve(_ token: [UInt8], session: String) async {
        guard let number = await listeners.take(token) else { return }
        do {
            let own = try ownPort.withLock(\.self).map { port in
                try ["0.0.0.0", "::"].map { try SocketAddress(ipAddress: $0, port: port) }
            }
            let proxy = EgressProxy(policy: policy, ownListeners: own ?? [])
            try await proxy.serve(listeningDescriptor: number, session: session)
        } catch {
            Logger.current.warning("Egress ended", metadata: ["session.id": "\(session)", "error": "\(error)"])
        }
    }

    /// One worker after another connects, and each of its sessions sends one message.
    private static func receive(on listener: consuming Descriptor, into listeners: Listeners) {
        while let worker = try? UnixSocket.accept(from: listener, blocking: true) {
            while let message = try? UnixSocket.receive(from: worker) {
                guard message.descriptors.count == 1 else { continue }
                // Ends with the delivery, which does not wait.
                Task { await listeners.deliver(message.descriptors[0], token: message.bytes) }
            }
        }
    }
}
