extension Rule {
    static let unlabelledMax = 2

    /// What a caller reads of a function.
    static let interfaces: [Rule] = [
        Rule(
            "a function has at most \(unlabelledMax) parameters without a label",
            broken: "init?(\n    _ one: [A],\n    _ two: (B, C), _ three: D = D(1, 2)\n) {}",
            kept: "func a<B>(_ one: (_ b: B, _ c: C) -> D, two: E, _ three: [F: G]) {}\nlet h = i(_:_:_:)"
        ) { source in
            source.declarations.filter { $0.unlabelledCount > unlabelledMax }.map(\.line)
        },
        Rule(
            "what throws says so in its doc comment, or in that of its type",
            broken: "/// Reads.\n@discardableResult\npublic func read(\n    a: B\n) async throws(C) -> D {}\n"
                + "/// A type.\npublic struct E {\n    /// Makes one.\n    package init() throws {}\n}\n",
            onLines: [3, 9],
            kept: "/// Reads.\n/// - Throws: `C`.\n@discardableResult\npublic func read() throws(C) -> D {}\n"
                + "/// Calls of the system.\n///\n/// - Throws: `F`.\npublic struct E {\n    /// Makes one.\n"
                + "    public init() throws {}\n    // A witness.\n    public func g() throws {}\n}\n"
                + "/// Writes.\npublic func write(_ body: () throws -> Void) rethrows {}\n/// Ours.\nfunc h() throws {}\n"
        ) { source in
            guard source.path.hasPrefix("Sources/") else { return [] }
            return source.declarations.filter { declaration in
                guard declaration.isThrowing, declaration.isShared else { return false }
                // What has no comment is a witness of a protocol, which says it.
                guard let comment = source.docComment(above: declaration.line) else { return false }
                let types = source.enclosingTypes(of: declaration.line).compactMap { source.docComment(above: $0) }
                return !([comment] + types).contains { $0.contains("- Throws:") }
            }.map(\.line)
        },
    ]
}
