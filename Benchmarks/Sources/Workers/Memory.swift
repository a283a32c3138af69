internal import Foundation

/// What processes cost, as `/proc` tells.
package enum Memory {
    /// The share of memory of everything below process `root`, what is shared with others divided among them.
    package static func proportionalMebibytes(below root: Int32) throws -> Double {
        let kibibytes = try descendants(of: root).map { pid in
            let rollup = try String(contentsOfFile: "/proc/\(pid)/smaps_rollup", encoding: .utf8)
            guard let line = rollup.split(separator: "\n").first(where: { $0.hasPrefix("Pss:") }),
                let value = line.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
            else { throw BenchError("/proc/\(pid)/smaps_rollup: no Pss") }
            return value
        }
        return kibibytes.reduce(0, +) / 1024
    }

    /// The children of `root`, theirs, and so on.
    package static func descendants(of root: Int32) throws -> [Int32] {
        let parents = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap(Int32.init)
            .reduce(into: [Int32: Int32]()) { parents, pid in parents[pid] = parent(of: pid) }
        var found: [Int32] = []
        var level = [root]
        while !level.isEmpty {
            level = parents.filter { level.contains($0.value) }.map(\.key)
            found += level
        }
        return found
    }

    /// Nil once the process is gone.
    private static func parent(of pid: Int32) -> Int32? {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return nil }
        // The name, in parentheses, may hold anything; the state and the parent come after it.
        let afterName = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...]
        return afterName.split(separator: " ").dropFirst(2).first.flatMap { Int32($0) }
    }
}
