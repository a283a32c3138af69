public import Foundation

/// What the reference programs answered to recorded inputs.
///
/// `scripts/goldens` records it in `.build/goldens`. A folder that `HARMONIUM_SHARED` names, by default `../shared` of the
/// package, may have more in its `goldens`.
public enum Goldens: Sendable {
    /// The package's own folder.
    public static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// What is recorded outside the package; need not be there.
    public static let shared = URL(
        filePath: ProcessInfo.processInfo.environment["HARMONIUM_SHARED"] ?? "../shared",
        relativeTo: package
    )

    private static let recorded = package.appending(path: ".build/goldens")

    /// Whether `scripts/goldens` has recorded everything.
    public static let areRecorded = isFile(recorded.appending(path: "inputs"))

    /// The official text of the vocabulary, as the reference programs have it.
    public static func vocabularyText() throws -> [UInt8] {
        try Array(Data(contentsOf: recorded.appending(path: "vocabulary/o200k_base.tiktoken")))
    }

    /// The folders of this name, the package's own first.
    public static func folders(_ name: String) -> [URL] {
        [recorded, shared.appending(path: "goldens")].map { $0.appending(path: name) }.filter(isFile)
    }

    /// The files of this name in all folders, `harmony/parse` for instance.
    public static func files(_ name: String) -> [URL] {
        [recorded.appending(path: "\(name).json"), shared.appending(path: "goldens/\(name).dev.json")].filter(isFile)
    }

    /// All cases in the files of this name.
    ///
    /// - Throws: `TooFew` where there are not `floor` of them, for a loop over too few proves nothing.
    public static func cases<Case: Decodable>(
        _ name: String,
        of type: Case.Type,
        atLeast floor: Int
    ) throws -> [Case] {
        let all = try files(name).flatMap { try JSONDecoder().decode([Case].self, from: Data(contentsOf: $0)) }
        return try checked(all, name, atLeast: floor)
    }

    /// All single inputs of one kind that the browser's reference was asked for.
    ///
    /// - Throws: `TooFew` where there are not `floor` of them.
    public static func units<Units: Decodable, Unit>(
        _ kind: KeyPath<Units, [Unit]>,
        atLeast floor: Int
    ) throws -> [Unit] {
        let all = try folders("browser").flatMap { folder in
            try JSONDecoder().decode(Units.self, from: Data(contentsOf: folder.appending(path: "units.json")))[
                keyPath: kind
            ]
        }
        return try checked(all, "\(kind)", atLeast: floor)
    }

    private static func checked<Case>(_ all: [Case], _ name: String, atLeast floor: Int) throws -> [Case] {
        guard all.count >= floor else {
            throw TooFew(description: "\(name): \(all.count) are recorded, of at least \(floor); run scripts/goldens")
        }
        return all
    }

    /// Fewer cases than a test needs to prove anything.
    public struct TooFew: Error, CustomStringConvertible {
        /// How many there are and how to get more, for a person.
        public let description: String
    }

    private static func isFile(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.path(percentEncoded: false))
    }
}
