internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

extension Request {
    /// Reads the body into the request, of up to `bytesMax` bytes.
    mutating func readBody(upTo bytesMax: Int) async throws -> [UInt8] {
        let refusal = Problem(.contentTooLarge, "The body of a request may have at most \(bytesMax) bytes.")
        if let length = headers[.contentLength].flatMap(Int.init), length > bytesMax { throw refusal }
        do {
            return Array(try await collectBody(upTo: bytesMax).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw refusal
        }
    }
}
