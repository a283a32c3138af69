internal import Logging
internal import NIOCore

/// What holds for every connection.
struct ConnectionPolicy: Sendable {
    /// What a client does that is closed for it.
    enum Fault {
        case slow
        case tooMany
    }

    let connections: Connections
    let headTime: TimeAmount
    let bodyWindow: TimeAmount
    let bodyBytesPerWindow: Int
    private let logger: Logger
    private let slow = SparseLog("Request came too slowly")
    private let tooMany = SparseLog("Too many requests under way")

    init(_ settings: ServerSettings, logger: Logger) {
        connections = Connections(max: settings.socketsMax, logger: logger)
        headTime = TimeAmount(settings.headTime)
        bodyWindow = TimeAmount(settings.bodyWindow)
        bodyBytesPerWindow = settings.bodyBytesPerWindow
        self.logger = logger
    }

    /// Whether a request is answered however many others there are.
    func isReserved(_ path: String) -> Bool { ["/healthz", "/readyz"].contains { path == $0 } }

    /// Says it in the log, every now and then.
    func report(_ fault: Fault, of channel: any Channel) {
        let log =
            switch fault {
            case .slow: slow
            case .tooMany: tooMany
            }
        log.say(["peer": "\(channel.remoteAddress?.ipAddress ?? "")"], to: logger)
    }

    static let slow = #"{"error":"The request came too slowly."}"#
    static let tooMany = #"{"error":"Too many requests are under way. Try again in a moment."}"#
}
