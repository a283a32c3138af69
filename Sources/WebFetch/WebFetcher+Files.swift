internal import Concurrency

extension WebFetcher {
    /// All of what `url` leads to, decompressed and as it is; it is vetted, waits its turn and is bounded as a page.
    ///
    /// - Throws: `FetchError`, also for an answer that is no success, and for one that is not whole in `bytesMax` bytes.
    package func file(_ url: String, bytesMax: Int) async throws(FetchError) -> [UInt8] {
        try await WebFetcher.explaining(url) {
            let start = try WebURL(url)
            let deadline = ContinuousClock.now + limits.totalTime
            let found = try await withTimeout(limits.totalTime) {
                try await self.limiter.withPermit { try await self.follow(start, after: 0, by: deadline) }
            }
            guard let answer = found?.answer else {
                throw FetchError(.timeout, "it did not arrive within \(limits.totalTime)")
            }
            guard answer.isSuccess else {
                throw FetchError(.status, "the server answered with status \(answer.status)")
            }
            guard !answer.isTruncated, answer.body.count <= bytesMax else {
                let most = min(bytesMax, limits.bodyBytesMax)
                throw FetchError(.size, "it is longer than \(most) bytes, or ended too early")
            }
            return answer.body
        }
    }
}
