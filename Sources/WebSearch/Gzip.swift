internal import LinuxSystem
internal import SystemCodecs

/// What was compressed by gzip.
enum Gzip {
    /// What all members of `bytes` become, as far as they can be read, and up to a little more than `bytesMax`.
    static func inflated(_ bytes: [UInt8], bytesMax: Int) throws(SystemError) -> [UInt8] {
        var (result, offset): ([UInt8], Int) = ([], 0)
        while offset < bytes.count, result.count <= bytesMax {
            var member = try Inflation(.gzip)
            while member.state == .unfinished, result.count <= bytesMax {
                let piece = member.step(bytes, from: &offset)
                result += piece
                // A file that is cut short.
                if piece.count < Inflation.stepBytesMax, member.state == .unfinished { return result }
            }
            if member.state == .damaged { return result }
        }
        return result
    }
}
