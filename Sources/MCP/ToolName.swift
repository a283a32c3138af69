/// The name of a tool as a model wrote it, which may carry more than the name.
struct ToolName {
    /// What the tool may be called, best first.
    let candidates: [String]

    /// Reads `written` as a name in `namespace`: without white space before it, cut at the first after it or at a
    /// special token, and without the prefixes that models put in front.
    init(_ written: String, in namespace: String) {
        let cut = written.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }
        let name = cut.firstRange(of: "<|").map { cut[..<$0.lowerBound] } ?? cut
        var candidates = [written, String(name)]
        for prefix in ["functions.", namespace + "."] {
            if let last = candidates.last, last.hasPrefix(prefix) {
                candidates.append(String(last.dropFirst(prefix.count)))
            }
        }
        self.candidates = candidates
    }
}
