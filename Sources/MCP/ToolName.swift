/// The name of a tool as a model wrote it, which may carry more than the name.
struct ToolName {
    /// What the tool may be called, best first.
    let candidates: [String]

    /// Reads `written` as a name in `namespace`: cut at the first space or special token, and without the
    /// prefixes that models put in front.
    init(_ written: String, in namespace: String) {
        let cut = written.prefix { $0 != " " }
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
