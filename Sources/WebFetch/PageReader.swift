internal import Concurrency
internal import NIOHTTP1

/// Makes text of what a server answered.
struct PageReader: Sendable {
    private let pdf: PDFText
    /// Documents take a process each.
    private let limiter: AsyncLimiter

    init(limits: FetchLimits) {
        pdf = PDFText(limits: limits)
        limiter = AsyncLimiter(
            limit: limits.documentsMax,
            waitingMax: limits.documentsWaitingMax,
            refusal: FetchError.busy
        )
    }

    func page(from found: FoundAnswer, asked: WebURL) async throws -> FetchedPage {
        let answer = found.answer
        if let challenge = Challenge.found(in: answer) { throw PageReader.refusal(of: answer, by: challenge) }
        let type = ContentType(answer.headers.first(name: "content-type"))
        let path = String(found.url.target[...].before("?"))
        let kind = type.kind(of: answer.body, path: path)
        guard answer.isSuccess else {
            var refusal = PageReader.refusal(of: answer)
            // What is not even text says nothing about the failure.
            if let kind, kind != .pdf { refusal.page = try? await page(from: found, asked: asked, kind, type) }
            throw refusal
        }
        guard let kind else { throw PageReader.noText(in: answer, type) }
        return try await page(from: found, asked: asked, kind, type)
    }

    private func page(
        from found: FoundAnswer,
        asked: WebURL,
        _ kind: FetchedPage.Kind,
        _ type: ContentType
    ) async throws -> FetchedPage {
        let answer = found.answer
        let (text, isCut) = try await read(answer, as: kind, of: type)
        return FetchedPage(
            requestedURL: asked.text,
            finalURL: found.redirections == 0 ? asked.text : found.url.normalized,
            status: answer.status,
            contentType: type.mediaType,
            kind: kind,
            text: text,
            isTruncated: answer.isTruncated || isCut,
            byteCount: answer.body.count
        )
    }

    @concurrent
    private func read(
        _ answer: HTTPAnswer,
        as kind: FetchedPage.Kind,
        of type: ContentType
    ) async throws -> (text: String, isCut: Bool) {
        if kind == .pdf {
            let extract = try await limiter.withPermit { try await pdf.extract(answer.body) }
            return (extract.text, extract.isTruncated)
        }
        let isMarkup = kind == .html || kind == .feed || type.mediaType.hasSuffix("xml")
        do {
            let text = try PageEncoding.text(
                of: answer.body,
                serverLabel: type.charset,
                isMarkup: isMarkup
            )
            return (text, false)
        } catch {
            throw FetchError(.contentType, "the page is written in an encoding that this machine has no converter for")
        }
    }

    private static func refusal(of answer: HTTPAnswer) -> FetchError {
        let wait = answer.only("retry-after").map(printable)
        let advice = wait.map { "; it asks to wait (`Retry-After: \($0)`) before the next try" } ?? ""
        return FetchError(.status, "the server answered \(status(of: answer))\(advice)")
    }

    private static func refusal(of answer: HTTPAnswer, by challenge: Challenge) -> FetchError {
        FetchError(
            .challenge,
            "the server answered \(status(of: answer)) with a challenge by \(challenge.name), which only a person with a"
                + " browser can pass; look for the same elsewhere"
        )
    }

    private static func status(of answer: HTTPAnswer) -> String {
        let phrase = HTTPResponseStatus(statusCode: answer.status).reasonPhrase
        return "\(answer.status)\(phrase.isEmpty ? "" : " \(phrase)")"
    }

    private static func noText(in answer: HTTPAnswer, _ type: ContentType) -> FetchError {
        let what = type.mediaType.hasPrefix("image/") ? "an image" : "a file"
        let name = type.mediaType.isEmpty ? "of unknown type" : "of type `\(printable(type.mediaType))`"
        let announced = answer.only("content-length").flatMap { Int($0) }
        let size = announced ?? (answer.isTruncated ? nil : answer.body.count)
        let length = size.map { "\($0) bytes" } ?? "unknown size"
        return FetchError(.contentType, "this is \(what) \(name) (\(length)), which has no text to show")
    }

    /// A server's words, fit to stand in a sentence.
    private static func printable(_ text: String) -> String {
        String(
            decoding: text.utf8.filter { $0 > 0x1f && $0 < 0x7f && $0 != UInt8(ascii: "`") }.prefix(64),
            as: UTF8.self
        )
    }
}

extension FetchedPage {
    /// The same page for somebody who asked for it by another URL.
    func asked(for url: WebURL) -> FetchedPage {
        var page = self
        page.requestedURL = url.text
        return page
    }
}
