import LinuxIsolation
import LinuxSystem
import TestSupport
import Testing

@Suite(.bounded) struct UserMappingTests {
    @Test func `IDs that no user has are two different ones, high above those of people`() throws {
        guard let (first, second) = try UserMapping.unusedIDs() else {
            try Test.cancel("this user namespace has too few ids")
        }
        #expect(first != second)
        #expect(first > 60_000 && second > 60_000)
    }
}
