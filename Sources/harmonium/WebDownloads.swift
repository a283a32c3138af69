internal import ContainerTool
internal import WebFetch

/// Downloads of containers, vetted as the browser's pages are.
struct WebDownloads: Downloads {
    let fetcher: WebFetcher

    func fetch(_ url: String, bytesMax: Int) async throws -> [UInt8] {
        do throws(FetchError) {
            return try await fetcher.file(url, bytesMax: bytesMax)
        } catch {
            if error.code == .cancelled { throw CancellationError() }
            throw DownloadError(error.description)
        }
    }
}
