public import PythonProtocol
public import Sessions

/// What a run reports while it goes on, in order.
public enum RunEvent: Sendable {
    /// The session's variables were lost since the last run; this run has fresh ones. It comes first.
    case stateLost(StateLoss)
    /// What threads and processes of earlier runs wrote since then; `dropped` more bytes were not kept.
    case backgroundOutput([UInt8], dropped: UInt64)
    /// What the run writes, undecoded.
    case output([UInt8])
    /// Something other than text that the run showed.
    case rich(RichOutput)
}

/// Why a session has fresh variables.
public enum StateLoss: Equatable, Sendable {
    /// The interpreter died while nothing ran; files are kept.
    case died(Outcome.Death)
    /// The session was lost or ended, with its files.
    case session(SessionLoss)
}
