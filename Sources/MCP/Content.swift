/// One block of a result.
public enum Content: Sendable, Equatable {
    /// What the model reads.
    case text(String)
    /// A picture; base64 on the wire.
    case image(data: [UInt8], mimeType: String)
}
