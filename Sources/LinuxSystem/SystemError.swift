internal import Glibc

/// A system call that failed: `pipe2: Too many open files`.
///
/// All that throws it says in its documentation which codes a caller can act on; the others are the kernel's, as the manual
/// page of the call has them.
public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was called, and on what where that helps: `mount /usr`.
    public let call: String
    /// The `errno` it failed with.
    public let code: CInt

    /// A failure of `call` with the given `errno`.
    public init(_ call: String, code: CInt) {
        self.call = call
        self.code = code
    }

    /// The call and the C library's words for the code.
    public var description: String { "\(call): \(SystemError.words(for: code))" }

    /// The C library's words for an `errno`.
    package static func words(for code: CInt) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}

/// Gives the result of a call that returns `>= 0` or `-errno`.
///
/// - Throws: `SystemError`, with the words of `call`.
@discardableResult
package func check(_ call: @autoclosure () -> String, _ result: CInt) throws(SystemError) -> CInt {
    guard result >= 0 else { throw SystemError(call(), code: -result) }
    return result
}

/// Gives the result of a C library call that returns `>= 0`, or -1 and `errno`.
///
/// - Throws: `SystemError`, with the words of `call`.
@discardableResult
package func checkErrno<Result: SignedInteger>(_ call: @autoclosure () -> String, _ result: Result) throws(SystemError)
    -> Result
{
    guard result >= 0 else { throw SystemError(call(), code: errno) }
    return result
}
