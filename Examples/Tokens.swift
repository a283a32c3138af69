import Tokenizer

/// Prints the tokens of a text that comes in pieces, as soon as no further text can change them.
func printTokens(of pieces: [String], vocabulary path: String) throws {
    let encoding = Encoding(try Vocabulary(path))
    var encoder = IncrementalEncoder(encoding)
    for piece in pieces {
        print(piece.debugDescription, encoder.feed(piece.utf8.span))
    }
    print("the end", encoder.finish())
    print("at once", encoding.encode(pieces.joined()))
}
