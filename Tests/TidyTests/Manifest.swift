/// What `Package.swift` says of its targets, read from its text.
struct Manifest {
    /// The products and targets that each target depends on, by the names of their modules.
    let dependencies: [String: Set<String>]

    init(_ text: String) {
        var products: [Substring: String] = [:]
        for match in text.matches(of: #/let (\w+) = Target\.Dependency\.product\(name: "([\w-]+)"/#) {
            products[match.1] = String(match.2)
        }
        var dependencies: [String: Set<String>] = [:]
        for match in text.matches(
            of: #/(?:name:|module\(|program\(|tests\()\s*"([\w-]+)",\s*(?:dependencies: )?\[([^\]]*)\]/#
        ) {
            let names = match.2.split { $0 == "," || $0.isWhitespace }.map { name in
                products[name] ?? String(name).replacing("\"", with: "")
            }
            dependencies[String(match.1)] = Set(names.map { $0.replacing("-", with: "_") })
        }
        self.dependencies = dependencies
    }
}
