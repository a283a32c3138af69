/// The header of a message while its tokens arrive: text, cut at the markers.
struct LenientHeaderText: Sendable {
    /// What can divide a header.
    enum Marker: Sendable {
        case channel
        case constrain
    }

    /// What follows a marker; the first piece follows none.
    struct Piece: Sendable {
        let marker: Marker?
        var bytes: [UInt8] = []
    }

    private var pieces = [Piece(marker: nil)]
    /// How many tokens it has.
    private(set) var tokenCount = 0

    mutating func append(_ marker: Marker) {
        pieces.append(Piece(marker: marker))
        tokenCount += 1
    }

    mutating func append(_ bytes: [UInt8], tokenCount: Int = 1) {
        pieces[pieces.count - 1].bytes += bytes
        self.tokenCount += tokenCount
    }

    /// Whether a token marked something; spelling a marker does not count here.
    var hasMarkers: Bool { pieces.count > 1 }

    /// All the text, without the markers.
    var text: String { String(decoding: pieces.flatMap(\.bytes), as: UTF8.self) }

    /// The pieces as text. What spells a marker is one, as it is for the library.
    var segments: [(marker: Marker?, text: HeaderText)] {
        var segments: [(marker: Marker?, text: HeaderText)] = []
        for piece in pieces {
            var marker = piece.marker
            var rest = String(decoding: piece.bytes, as: UTF8.self).unicodeScalars[...]
            while let (place, next) = Self.firstSpelledMarker(in: rest) {
                segments.append((marker, rest[..<place.lowerBound]))
                marker = next
                rest = rest[place.upperBound...]
            }
            segments.append((marker, rest))
        }
        return segments
    }

    private static func firstSpelledMarker(in text: HeaderText) -> (Range<HeaderText.Index>, Marker)? {
        let channel = text.firstRange(of: ControlToken.channelSpelling.unicodeScalars)
        let constrain = text.firstRange(of: ControlToken.constrainSpelling.unicodeScalars)
        if let channel, channel.lowerBound < constrain?.lowerBound ?? text.endIndex { return (channel, .channel) }
        return constrain.map { ($0, .constrain) }
    }
}
