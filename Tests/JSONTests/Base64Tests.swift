import JSON
import TestSupport
import Testing

@Suite(.bounded) struct Base64Tests {
    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"), ("\u{3FF}\u{FB}", "z7/Duw=="),
    ])
    func `bytes are written and read again`(text: String, base64: String) {
        #expect(String(base64: Array(text.utf8)) == base64)
        #expect([UInt8](base64: base64) == Array(text.utf8))
    }

    @Test func `every byte survives`() {
        let bytes = [UInt8](0...255)
        #expect([UInt8](base64: String(base64: bytes)) == bytes)
    }

    @Test(arguments: ["Z", "Zg", "Zg=", "Z===", "====", "Zg==Zg==", "Zm 9", "Zm9v\n", "Zm-_", "=m9v"])
    func `what is not base64 is refused`(text: String) {
        #expect([UInt8](base64: text) == nil)
    }
}
