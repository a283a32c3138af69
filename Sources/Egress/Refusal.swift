internal import NetworkAccess

/// An answer of the proxy's own, instead of what was asked for.
struct Refusal: Error {
    let status: Int
    /// One sentence that a model can act on. It becomes the reason phrase too: many clients show nothing else of the
    /// answer to a CONNECT.
    let sentence: String
    let reason: EgressRecord.Reason
    let verdict: EgressRecord.Verdict

    private init(
        _ status: Int,
        _ sentence: String,
        because reason: EgressRecord.Reason,
        verdict: EgressRecord.Verdict = .refused
    ) {
        self.status = status
        self.sentence = sentence
        self.reason = reason
        self.verdict = verdict
    }

    /// The whole answer.
    var encoded: [UInt8] {
        let body = sentence + "\n"
        return Array(
            """
            HTTP/1.1 \(status) \(sentence)\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: \(body.utf8.count)\r
            Cache-Control: no-store\r
            Connection: close\r
            \r
            \(body)
            """.utf8
        )
    }

    static func malformed(_ problem: String) -> Refusal {
        Refusal(400, "The proxy cannot take this request: \(problem).", because: .malformed)
    }

    static func notAllowed(_ destination: Destination, allowed: String) -> Refusal {
        Refusal(
            403,
            "\(destination) is not allowed from this session; it may reach \(allowed).",
            because: .notAllowed
        )
    }

    static func guarded(_ destination: Destination) -> Refusal {
        Refusal(
            403,
            "\(destination) is refused: its address is private, local or reserved, and only the operator can open it.",
            because: .guardedAddress
        )
    }

    static func headTooLarge(_ bytesMax: Int) -> Refusal {
        Refusal(
            431,
            "The request's head is larger than \(bytesMax) bytes; send fewer or shorter fields.",
            because: .malformed
        )
    }

    static func headTooSlow() -> Refusal {
        Refusal(408, "The request's head took too long to arrive; send it at once.", because: .headTime)
    }

    static func tooManyConnections(_ connectionsMax: Int) -> Refusal {
        Refusal(
            503,
            "This session already has \(connectionsMax) connections to the outside; close one and try again.",
            because: .tooManyConnections
        )
    }

    static func connectionBytes(_ bytesMax: Int) -> Refusal {
        Refusal(
            413,
            "More than \(bytesMax) bytes cannot be transferred at once; ask for parts.",
            because: .connectionBytes
        )
    }

    static func sessionBytes(_ bytesMax: Int) -> Refusal {
        Refusal(
            413,
            "This session has transferred all of its \(bytesMax) bytes; use what is here.",
            because: .sessionBytes
        )
    }

    static func unresolvable(_ destination: Destination) -> Refusal {
        Refusal(502, "\(destination.host) has no address; check the name.", because: .unresolvable, verdict: .failed)
    }

    static func unreachable(_ destination: Destination) -> Refusal {
        Refusal(
            502,
            "\(destination) does not accept connections; try again later.",
            because: .unreachable,
            verdict: .failed
        )
    }

    static func connectTooSlow(_ destination: Destination) -> Refusal {
        Refusal(504, "\(destination) did not answer in time; try again later.", because: .connectTime, verdict: .failed)
    }

    static func malformedAnswer(_ destination: Destination) -> Refusal {
        Refusal(502, "\(destination) did not answer in HTTP as this proxy accepts it.", because: .malformed)
    }
}
