/// Prints measurements, one JSON object a line, in the shape that the peers use too.
package enum Report {
    /// One measurement: the values of all runs.
    package static func line(_ what: String, _ values: [Double], unit: String = "ms") {
        precondition(!values.isEmpty, "no values for \(what)")
        let sorted = values.sorted()
        let middle = sorted.count / 2
        let median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
        let p99 = sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
        print(
            """
            {"who": "harmonium", "what": "\(what)", "unit": "\(unit)", \
            "median": \(median), "p99": \(p99), "runs": \(values.count)}
            """
        )
    }
}

/// How long `body` takes, in milliseconds.
package func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .milliseconds(1)
}
