internal import Synchronization

/// Counts the bytes that are encoded within a task, such as one call: what shows that no text is encoded twice.
///
/// ```swift
/// let count = EncodingCount()
/// await EncodingCount.$current.withValue(count) { await call() }
/// print(count.bytes)
/// ```
public final class EncodingCount: Sendable {
    /// The count of the current task; nil where there is none.
    @TaskLocal public static var current: EncodingCount?

    private let count = Atomic(0)

    /// A count that begins at 0.
    public init() {}

    /// How many bytes were encoded so far.
    public var bytes: Int { count.load(ordering: .relaxed) }

    func add(_ bytes: Int) { count.add(bytes, ordering: .relaxed) }
}
