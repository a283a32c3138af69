internal import PythonText

extension RenderedPage {
    /// Shows text that is no HTML line by line.
    ///
    /// Links are none. Marks that would look like ours are mapped, control characters become U+FFFD, and characters that
    /// carry text which a person does not see are left out.
    ///
    /// - Throws: ``Failure``, for a `url` that cannot be read.
    public init(plainText source: [UInt8], url: String, title: String? = nil) throws(Failure) {
        let prepared = PreparedSource(source, bytesMax: Self.sourceBytesMax, keepsSecondPlane: true)
        do throws(URLReference.Malformed) {
            let address = Array(url.utf8)
            let host = address.isEmpty ? [] : try URLReference.domain(of: address)
            let name = title.flatMap { $0.isEmpty ? nil : Array($0.utf8) } ?? host
            self.title = PageTitle.shown(name, fixes: .all)
        } catch {
            throw Failure(message: error.message)
        }
        text = InvisibleCharacters.removed(from: Self.lines(of: prepared.bytes))
        links = []
        isTruncated = prepared.isTruncated
        hasHiddenText = false
    }

    /// Line breaks of every system as one, nothing at the end, and no control characters.
    private static func lines(of bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        // A byte order mark in front is not part of the text.
        let start = bytes.hasBytes([0xEF, 0xBB, 0xBF], at: 0) ? 3 : 0
        for index in start..<bytes.count {
            let byte = bytes[index]
            switch byte {
            case 0x0D:
                if index + 1 == bytes.count || bytes[index + 1] != 0x0A { result.append(0x0A) }
            case 0x09, 0x0A: result.append(byte)
            case ..<0x20: result += [0xEF, 0xBF, 0xBD]
            default: result.append(byte)
            }
        }
        while let last = result.last, Whitespace.ascii(last) { result.removeLast() }
        return result
    }
}
