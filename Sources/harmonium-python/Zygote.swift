import Glibc
import LinuxIsolation
import LinuxSystem
import PythonRuntime
import SandboxWorker

/// The process with Python in it: forks interpreters into the namespaces of the sessions that request them.
struct Zygote: ~Copyable {
    private let python: PythonRuntime
    private let base: SandboxBase
    private let requests: Descriptor
    private let children: ChildReaper
    private var interpreters: [Int32: EndChannel] = [:]

    /// Takes a ``ForkRequest`` after another from `requests`. This process must have one thread.
    init(
        python: consuming PythonRuntime,
        base: SandboxBase,
        requests: consuming Descriptor
    ) throws(SystemError) {
        children = try ChildReaper()
        self.python = python
        self.base = base
        self.requests = requests
    }

    /// Serves until the pool and every supervisor have closed the other end.
    mutating func serve() throws(SystemError) {
        while true {
            var entries = [
                PollEntry(requests.number, .read), PollEntry(children.descriptor.number, .read),
            ]
            try poll(&entries, timeoutMicroseconds: nil)
            if !entries[1].ready.isEmpty { try reapInterpreters() }
            if !entries[0].ready.isEmpty {
                guard let message = try UnixSocket.receive(from: requests) else { return }
                fork(for: ForkRequest(message))
            }
        }
    }

    /// Reports to supervisors how their interpreters ended.
    ///
    /// An orphan that came here is reaped too: while it is a zombie, its session cannot end.
    private mutating func reapInterpreters() throws(SystemError) {
        for (pid, end) in try children.reap() { interpreters.removeValue(forKey: pid)?.send(end) }
    }

    private mutating func fork(for request: borrowing ForkRequest) {
        do throws(SystemError) {
            // For good: without privilege there is no way back, and the next request brings another.
            try ThisProcess.enter(request.pidNamespace)
            guard let process = try ProcessHandle.fork(into: request.group) else {
                InterpreterProcess.run(python, base: base, request: request)
            }
            interpreters[process.pid] = EndChannel(try request.end.duplicate(from: 3))
        } catch {
            // The session sees it: its channels close here.
            guard !request.isAbandoned else { return }
            WorkerProgram.report("an interpreter could not be forked: \(error)")
        }
    }
}

/// Where a supervisor reads how its interpreter ended.
private final class EndChannel {
    private let channel: Descriptor

    init(_ channel: consuming Descriptor) {
        self.channel = channel
    }

    func send(_ end: ProcessEnd) {
        // Fails if the session has ended, and then does not matter.
        try? channel.writeAll(end.encoded)
    }
}
