#if DEBUG
    internal import Synchronization

    /// Counts the steps of the loops that read a page, so that a test sees how they grow with the page.
    ///
    /// Only debug builds count, and only where a test has set a counter: no step of a release build costs anything.
    enum Steps {
        @TaskLocal static var counter: StepCounter?

        static func take(_ count: Int = 1) { counter?.add(count) }
    }

    /// How many steps were taken while it was `Steps.counter`.
    final class StepCounter: Sendable {
        private let taken = Atomic(0)

        var count: Int { taken.load(ordering: .relaxed) }

        func add(_ count: Int) { taken.wrappingAdd(count, ordering: .relaxed) }
    }
#else
    /// Counts nothing in a release build.
    enum Steps {
        @inline(__always)
        static func take(_ count: Int = 1) {}
    }
#endif
