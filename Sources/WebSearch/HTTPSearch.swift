package import AsyncHTTPClient
package import Concurrency
internal import FoundationEssentials
internal import JSON
internal import NIOCore
internal import NIOHTTP1
internal import PythonText

/// Searches with a service on the web.
package struct HTTPSearch: SearchProvider {
    package var name: String { service.name }
    private let service: SearchService
    private let address: String
    private let key: String?
    private let client: HTTPClient
    private let deadline: Duration
    private let sleep: Sleep

    /// The longest answer, in bytes.
    static let answerBytesMax = 4 << 20
    private static let queryBytesMax = 2048

    /// How a client for searches has to be set up: redirects would carry keys elsewhere.
    package static var clientConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        return configuration
    }

    /// Searches with `service`.
    ///
    /// - Parameters:
    ///   - baseURL: Where the service is; nil for its public address.
    ///   - key: What the service knows us by.
    ///   - client: Set up as `clientConfiguration` says; its owner shuts it down.
    ///   - deadline: How long the service has for a whole search.
    /// - Throws: `SearchError`, if there is no base URL, or it is not an `http` or `https` URL.
    package init(
        _ service: SearchService,
        baseURL: String? = nil,
        key: String? = nil,
        client: HTTPClient,
        deadline: Duration = .seconds(15),
        sleep: @escaping Sleep = { try await Task.sleep(for: $0) }
    ) throws(SearchError) {
        guard let base = baseURL ?? service.baseURL else {
            throw SearchError(.badAddress, "\(service.name) has no address: give its base URL")
        }
        guard base.hasPrefix("http://") || base.hasPrefix("https://"), URL(string: base)?.host != nil else {
            throw SearchError(.badAddress, "\(service.name) cannot be at `\(base)`: give an http or https URL")
        }
        self.service = service
        address = (base.hasSuffix("/") && !service.path.isEmpty ? String(base.dropLast()) : base) + service.path
        self.key = key.flatMap { $0.isEmpty ? nil : $0 }
        self.client = client
        self.deadline = deadline
        self.sleep = sleep
    }

    package func search(_ query: String, count: Int) async throws(SearchError) -> [SearchHit] {
        if let wanted = service.key, !wanted.isOptional, key == nil {
            throw SearchError(.missingKey, "\(name) needs a key: set \(wanted.variable)")
        }
        let query = OneLine.of(query, bytesMax: Self.queryBytesMax)
        guard !query.isEmpty, count > 0 else { return [] }
        let request = try request(query, count: min(count, service.countMax))
        // Throws only when it is cancelled, which is looked at below.
        let result = try? await withTimeout(deadline, sleep: sleep) { () async -> Result<[SearchHit], SearchError> in
            do throws(SearchError) {
                return .success(try await hits(answering: request))
            } catch {
                return .failure(error)
            }
        }
        guard let result else {
            if Task.isCancelled { throw SearchError(.cancelled, "the search was given up") }
            throw SearchError(.timedOut, "\(name) did not answer within \(deadline)")
        }
        return Array(try result.get().prefix(count))
    }

    private func request(_ query: String, count: Int) throws(SearchError) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: address)
        request.headers = [
            "Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "harmonium",
        ]
        for (name, value) in service.headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let place = service.key, let key { request.headers.add(name: place.header, value: place.prefix + key) }
        switch service.question {
        case .get(let items):
            let pairs = items(query, count).map { item in
                let value = PercentEncoding.quote(Array(item.value.utf8), safe: "")
                return "\(item.name)=\(String(decoding: value, as: UTF8.self))"
            }
            request.url += (address.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + pairs.joined(separator: "&")
        case .post(let body):
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body(query, count).encoded()))
        }
        return request
    }

    private func hits(answering request: HTTPClientRequest) async throws(SearchError) -> [SearchHit] {
        var (response, body) = try await answer(to: request)
        if response.status == .tooManyRequests, let interval = service.secondTryAfter {
            do {
                try await sleep(interval)
            } catch {
                throw SearchError(.cancelled, "the search was given up")
            }
            (response, body) = try await answer(to: request)
        }
        if let refusal = refusal(in: response) { throw refusal }
        guard let answer = service.answer.read(body) else {
            throw SearchError(.malformed, "\(name) answered with something else than its results")
        }
        if answer.hits.isEmpty, !answer.silentEngines.isEmpty {
            let engines = answer.silentEngines.joined(separator: ", ")
            throw SearchError(.noneAnswered, "\(name) found nothing, and of its engines did not answer: \(engines)")
        }
        return answer.hits
    }

    private func answer(to request: HTTPClientRequest) async throws(SearchError) -> (HTTPClientResponse, [UInt8]) {
        do {
            let response = try await client.execute(request, deadline: .distantFuture)
            var body = Array(try await response.body.collect(upTo: Self.answerBytesMax).readableBytesView)
            if response.headers.first(name: "Content-Encoding")?.lowercased().contains("gzip") == true {
                body = try Gzip.inflated(body, bytesMax: Self.answerBytesMax)
                if body.count > Self.answerBytesMax { throw NIOTooManyBytesError(maxBytes: Self.answerBytesMax) }
            }
            return (response, body)
        } catch is NIOTooManyBytesError {
            throw SearchError(.tooLarge, "\(name) answered with more than \(Self.answerBytesMax >> 20) MiB")
        } catch is CancellationError {
            throw SearchError(.cancelled, "the search was given up")
        } catch let error as HTTPClientError where Self.timeouts.contains(error) {
            throw SearchError(.timedOut, "\(name) did not answer in time", cause: error)
        } catch {
            throw SearchError(.unreachable, "\(name) cannot be reached", cause: error)
        }
    }

    private static let timeouts: [HTTPClientError] = [.connectTimeout, .readTimeout, .deadlineExceeded]

    /// What a response that is no success means; nil for a success.
    private func refusal(in response: HTTPClientResponse) -> SearchError? {
        switch response.status.code {
        case 200..<300: return nil
        case 401:
            let advice =
                service.keyVariable.map { key == nil ? "set \($0)" : "check \($0)" } ?? "it takes no key of ours"
            return SearchError(.unauthorized, "\(name) does not know who asks: \(advice)")
        case 403:
            let advice = service.adviceWhenForbidden ?? "what its key allows may not cover this"
            return SearchError(.forbidden, "\(name) refuses to search: \(advice)")
        case 429:
            let pause = response.headers.first(name: "Retry-After").flatMap { Int($0) }
                .flatMap { (0...86_400).contains($0) ? $0 : nil }
            let waiting = pause.map { "it wants to be asked again after \($0) s" } ?? "ask again later"
            let advice = service.adviceWhenTooMany.map { "\(waiting); \($0)" } ?? waiting
            return SearchError(
                .tooManyRequests(retryAfter: pause.map { .seconds($0) }),
                "\(name) was asked too often: \(advice)"
            )
        case 300..<400:
            return SearchError(
                .refused(status: Int(response.status.code)),
                "\(name) is elsewhere (\(response.status.code)): correct its base URL"
            )
        default:
            return SearchError(
                .refused(status: Int(response.status.code)),
                "\(name) failed with status \(response.status.code)"
            )
        }
    }
}
