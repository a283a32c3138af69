/// How much of this machine, and of the outside, pages may take whose scripts are run.
package struct ChromiumLimits: Sendable {
    /// Pages at a time.
    package var pagesMax = 3
    /// Pages that may wait for those.
    package var pagesWaitingMax = 16
    /// How long a page may load; then it is taken as it is.
    package var loadTime = Duration.seconds(12)
    /// How long nothing may be under way for a page to count as loaded.
    package var settleTime = Duration.milliseconds(500)
    /// How long timers of a loaded page go on, by the page's clock, which is put forward.
    package var timersTime = Duration.seconds(3)
    /// How many screens a loaded page is scrolled, for what loads when it is looked at.
    package var screensMax = 8
    /// How long timers go on for each of them.
    package var screenTime = Duration.milliseconds(400)
    /// How long the page may take to be read out; one whose script does not end never is.
    package var readTime = Duration.seconds(3)
    /// What is fetched for a page at a time; the rest waits.
    package var requestsAtATimeMax = 6
    /// What a page's scripts may ask for; what is answered here, as images are, counts a tenth.
    package var requestsMax = 300
    /// Bytes that they get.
    package var bytesMax = 64 << 20
    /// How long Chromium may take to start.
    package var startTime = Duration.seconds(20)
    /// How long it is kept without use.
    package var idleTime = Duration.seconds(60)
    /// After so many pages, another is started.
    package var pagesPerProcess = 100
    /// Bytes of memory from which on another is started for the next page.
    package var memoryBytes = 700 << 20
    /// Bytes of memory at which it is ended, with all its pages.
    package var memoryBytesMax = 1536 << 20

    /// How long a page may take in all, from an empty tab to its document.
    var visitTime: Duration { loadTime + readTime * 2 }

    /// The defaults, to be changed one by one.
    package init() {}
}
