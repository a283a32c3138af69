import Foundation
import PythonText
import TestSupport
import Testing

/// What CPython says, as it was recorded with the reference.
@Suite(.bounded, .enabled(if: Goldens.areRecorded, "run scripts/goldens"))
struct GoldenUnitTests {
    @Test func `references are joined as urljoin joins them`() throws {
        for unit in try Goldens.units(\GoldenUnits.urls, atLeast: 200) {
            let joined = try? URLReference.join(Array(unit.base.utf8), Array(unit.href.utf8))
            let domain = joined.flatMap { try? URLReference.domain(of: $0) }
            #expect(text(domain == nil ? nil : joined) == unit.joined, "\(unit)")
            #expect(text(domain) == unit.domain, "\(unit)")
        }
    }

    @Test func `a URL that cannot be split is complained of in Python's words`() throws {
        for unit in try Goldens.units(\GoldenUnits.urls, atLeast: 200) {
            guard let error = unit.error else { continue }
            let complaint = #expect(throws: URLReference.Malformed.self) {
                let joined = try URLReference.join(Array(unit.base.utf8), Array(unit.href.utf8))
                _ = try URLReference.domain(of: joined)
            }
            #expect(complaint?.message == error)
        }
    }

    @Test func `URLs are quoted and unquoted as Python does it`() throws {
        for unit in try Goldens.units(\GoldenUnits.quote, atLeast: 8) {
            #expect(text(PercentEncoding.quote(Array(unit.in.utf8))) == unit.out)
        }
        for unit in try Goldens.units(\GoldenUnits.unquote, atLeast: 10) {
            #expect(text(PercentEncoding.unquote(Array(unit.in.utf8))) == unit.out)
        }
    }

    @Test func `lower case is Python's`() throws {
        for unit in try Goldens.units(\GoldenUnits.lower, atLeast: 15) {
            #expect(text(LetterCase.lowered(Array(unit.in.utf8))) == unit.out)
        }
    }

    private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
}

private struct GoldenUnits: Decodable {
    struct URL: Decodable {
        let base: String
        let href: String
        let joined: String?
        let domain: String?
        let error: String?
    }

    struct Mapping: Decodable {
        let `in`: String
        let out: String
    }

    let urls: [URL]
    let quote: [Mapping]
    let unquote: [Mapping]
    let lower: [Mapping]
}
