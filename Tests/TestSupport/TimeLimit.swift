internal import Foundation
public import Testing

extension Trait where Self == TimeLimitTrait {
    /// What every suite has: a test that hangs fails after ten minutes.
    ///
    /// Tests run side by side on few processors, so the limit is far above what any of them takes.
    public static var bounded: Self { .timeLimit(.minutes(10)) }

    /// What suites of random inputs have, whose number `HARMONIUM_FUZZ_INPUTS` sets.
    public static var fuzzing: Self {
        .timeLimit(.minutes(ProcessInfo.processInfo.environment["HARMONIUM_FUZZ_INPUTS"] == nil ? 10 : 600))
    }
}
