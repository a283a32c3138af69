internal import NIOCore
internal import Synchronization

/// The wishes of sites, asked once an hour each.
final class Robots: Sendable {
    private struct Entry {
        let rules: RobotsRules
        let until: ContinuousClock.Instant
    }

    /// The name by which sites can speak to this program.
    static let agent = "harmonium"

    private static let keptTime = Duration.seconds(3600)
    private static let keptMax = 1024
    private static let redirectsMax = 5

    private let limits: FetchLimits
    private let vetting: HopVetting
    private let exchange: Exchange
    private let known = Mutex<[String: Entry]>([:])

    init(limits: FetchLimits, vetting: HopVetting, exchange: Exchange) {
        self.limits = limits
        self.vetting = vetting
        self.exchange = exchange
    }

    /// Fails where the site does not want `url` to be fetched.
    func check(_ url: WebURL, by deadline: ContinuousClock.Instant) async throws {
        let file = try url.following("/robots.txt")
        let now = ContinuousClock.now
        let kept = known.withLock { $0[file.key] }
        let rules: RobotsRules
        if let kept, kept.until > now {
            rules = kept.rules
        } else {
            rules = try await ask(file, by: deadline)
            known.withLock { known in
                if known.count >= Self.keptMax { known = known.filter { $0.value.until > now } }
                if known.count >= Self.keptMax { known.removeAll() }
                known[file.key] = Entry(rules: rules, until: now + Self.keptTime)
            }
        }
        guard rules.allow(url.target) else {
            throw FetchError(.robots, "the site's robots.txt does not want this page to be fetched by programs")
        }
    }

    private func ask(_ file: WebURL, by deadline: ContinuousClock.Instant) async throws -> RobotsRules {
        var url = file
        for _ in 0...Self.redirectsMax {
            let answer: HTTPAnswer
            do {
                let addresses = try await vetting.addresses(of: url, within: limits.connectTime)
                answer = try await exchange.answer(to: url, at: addresses, by: deadline)
            } catch let error as FetchError {
                throw FetchError(.robots, "the site's robots.txt could not be read, and so no page is: \(error.reason)")
            }
            switch answer.status {
            case 200...299: return RobotsRules(answer.body, for: Self.agent)
            case 500...599: return .unknown
            default: break
            }
            guard answer.isRedirection, let location = answer.only("location"), let next = try? url.following(location)
            else { return .none }
            url = next
        }
        return .none
    }
}
