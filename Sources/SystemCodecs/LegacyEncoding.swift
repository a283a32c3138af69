internal import Glibc
public import LinuxSystem

/// Encodings of text from before Unicode that the C library may be asked to read.
///
/// The list is fixed because the library finds a converter by its name, and some converters have been ways in: a name
/// from outside must never get there.
public enum LegacyEncoding: String, CaseIterable, Sendable {
    case ibm866 = "IBM866"
    case iso8859part2 = "ISO-8859-2"
    case iso8859part3 = "ISO-8859-3"
    case iso8859part4 = "ISO-8859-4"
    case iso8859part5 = "ISO-8859-5"
    case iso8859part6 = "ISO-8859-6"
    case iso8859part7 = "ISO-8859-7"
    case iso8859part8 = "ISO-8859-8"
    case iso8859part10 = "ISO-8859-10"
    case iso8859part13 = "ISO-8859-13"
    case iso8859part14 = "ISO-8859-14"
    case iso8859part15 = "ISO-8859-15"
    case iso8859part16 = "ISO-8859-16"
    case koi8r = "KOI8-R"
    case koi8u = "KOI8-U"
    case macintosh = "MACINTOSH"
    case macCyrillic = "MAC-UK"
    case windows874 = "CP874"
    case windows1250 = "CP1250"
    case windows1251 = "CP1251"
    case windows1252 = "CP1252"
    case windows1253 = "CP1253"
    case windows1254 = "CP1254"
    case windows1255 = "CP1255"
    case windows1256 = "CP1256"
    case windows1257 = "CP1257"
    case windows1258 = "CP1258"
    case gb18030 = "GB18030"
    case big5 = "BIG5-HKSCS"
    case eucJP = "EUC-JP-MS"
    case iso2022JP = "ISO-2022-JP"
    case shiftJIS = "CP932"
    case eucKR = "CP949"

    /// Whether a character may take more than one byte.
    var isMultiByte: Bool {
        switch self {
        case .gb18030, .big5, .eucJP, .iso2022JP, .shiftJIS, .eucKR: true
        default: false
        }
    }
}

extension LegacyEncoding {
    /// `bytes` as UTF-8; what is no character becomes U+FFFD, and a control where Windows had none stays one.
    ///
    /// - Throws: `SystemError`, `EINVAL` where the C library came without the converter.
    public func utf8(_ bytes: [UInt8]) throws(SystemError) -> [UInt8] {
        let converter = try Converter(from: self)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + bytes.count / 2)
        var offset = 0
        while offset < bytes.count {
            let step = converter.convert(bytes, from: offset)
            output += step.written
            offset += step.read
            switch step.failure {
            case 0, E2BIG: continue
            case EILSEQ, EINVAL:
                // The converter of CP949 goes past the one sequence, A2 E8, that it does not know.
                guard offset < bytes.count else { return output + [0xef, 0xbf, 0xbd] }
                let (replacement, skipped) = stray(bytes, at: offset)
                output += replacement
                offset += skipped
            default: throw SystemError("iconv", code: step.failure)
            }
        }
        return output
    }

    /// What stands for the byte at `offset`, which begins no character, and how many bytes that is.
    private func stray(_ bytes: [UInt8], at offset: Int) -> (replacement: [UInt8], skipped: Int) {
        let byte = bytes[offset]
        if !isMultiByte, (0x80...0x9f).contains(byte) { return ([0xc2, byte], 1) }
        // An ASCII byte after a stray one is a character of its own, as browsers have it: it may be a `<`.
        let takesNext = isMultiByte && offset + 1 < bytes.count && bytes[offset + 1] >= 0x80
        return ([0xef, 0xbf, 0xbd], takesNext ? 2 : 1)
    }
}

/// The C library's `iconv`, one run of it.
@safe private struct Converter: ~Copyable {
    private static let roomBytes = 1 << 16

    private let handle: iconv_t

    init(from encoding: LegacyEncoding) throws(SystemError) {
        let opened = unsafe iconv_open("UTF-8", encoding.rawValue)
        // -1 as a pointer is how it says no.
        guard let handle = unsafe opened, Int(bitPattern: handle) != -1 else {
            throw SystemError("iconv_open \(encoding.rawValue)", code: errno)
        }
        unsafe self.handle = handle
    }

    deinit { _ = unsafe iconv_close(handle) }

    /// Converts from `offset` on, until the room is full, the input ends or something is no character.
    func convert(_ bytes: [UInt8], from offset: Int) -> (written: [UInt8], read: Int, failure: CInt) {
        var failure: CInt = 0
        var read = 0
        let written = unsafe [UInt8](unsafeUninitializedCapacity: Converter.roomBytes) { room, count in
            var roomLeft = room.count
            unsafe room.withMemoryRebound(to: CChar.self) { room in
                var outputCursor = room.baseAddress
                unsafe bytes.withUnsafeBytes { input in
                    // `iconv` takes a pointer to what may change, and changes nothing.
                    var inputCursor = unsafe UnsafeMutablePointer(
                        mutating: input.bindMemory(to: CChar.self).baseAddress.map { unsafe $0 + offset }
                    )
                    var inputLeft = input.count - offset
                    if unsafe iconv(handle, &inputCursor, &inputLeft, &outputCursor, &roomLeft) == -1 {
                        failure = errno
                    }
                    read = input.count - offset - inputLeft
                }
            }
            count = room.count - roomLeft
        }
        return (written, read, failure)
    }
}
