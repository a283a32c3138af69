internal import Foundation

/// What the worker says about the steps of making a session, when it was started with `--time-layers 1`.
package enum LayerCosts {
    /// Microseconds of each step, in the order of their first appearance.
    package static func read(from log: String) -> [(step: String, microseconds: [Double])] {
        var order: [String] = []
        var found: [String: [Double]] = [:]
        for line in log.split(separator: "\n") {
            guard let match = try? #/step (.+) took ([0-9]+) us/#.firstMatch(in: line), let value = Double(match.2)
            else {
                continue
            }
            let step = String(match.1)
            if found[step] == nil { order.append(step) }
            found[step, default: []].append(value)
        }
        return order.map { ($0, found[$0, default: []]) }
    }
}
