import TestSupport
import Testing

@testable import PythonTool

@Suite(.bounded) struct RasterImageTests {
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]

    @Test(arguments: [
        (png, "image/png"), ([0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg"), (Array("GIF89a".utf8), "image/gif"),
        (Array("RIFF1234WEBPVP8".utf8), "image/webp"),
    ])
    func `an image is what it begins as`(bytes: [UInt8], type: String) {
        #expect(RasterImage.begins(bytes, as: type))
    }

    @Test(arguments: [
        (Array("<svg onload='alert(1)'/>".utf8), "image/svg+xml"), (Array("<svg/>".utf8), "image/png"),
        (png, "image/svg+xml"), (png, "image/jpeg"), (png, "image/PNG"), (Array(png.dropLast(2)), "image/png"),
        ([], "image/png"),
        (Array("RIFF1234WAVE".utf8), "image/webp"), (Array("%PDF-1.7".utf8), "application/pdf"),
    ])
    func `nothing else is one`(bytes: [UInt8], type: String) {
        #expect(!RasterImage.begins(bytes, as: type))
    }
}
