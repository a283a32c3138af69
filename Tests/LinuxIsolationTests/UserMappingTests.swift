import LinuxIsolation
import LinuxSystem
import Testing

@Suite struct UserMappingTests {
    @Test func `ids that are nobody's are two different ones, high above people's`() throws {
        guard let (first, second) = try UserMapping.unusedIDs() else {
            try Test.cancel("this user namespace has too few ids")
        }
        #expect(first != second)
        #expect(first > 60_000 && second > 60_000)
    }
}
