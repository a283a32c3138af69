import NIOCore
import NetworkAccess
import TestSupport
import Testing

@Suite(.bounded) struct SystemResolverTests {
    @Test func `the machine's own names are found`() async throws {
        let addresses = try await SystemResolver.addresses(of: "localhost").compactMap(\.ipAddress)
        #expect(addresses.contains("127.0.0.1") || addresses.contains("::1"))
        await #expect(throws: (any Error).self) { try await SystemResolver.addresses(of: "nobody.invalid") }
    }
}
