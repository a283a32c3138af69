extension [UInt8] {
    /// The bytes of `span`, for those who have no unsafe code of their own.
    public init(copying span: RawSpan) {
        self = unsafe span.withUnsafeBytes { unsafe Array($0) }
    }
}
