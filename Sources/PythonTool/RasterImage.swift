/// The kinds of pictures that clients are given: raster images, which they can only draw.
///
/// Others, such as SVG, can hold scripts and links. What a cell calls a picture need not be one.
enum RasterImage {
    /// Whether `bytes` begin as an image of this type does.
    static func begins(_ bytes: [UInt8], as mimeType: String) -> Bool {
        switch mimeType {
        case "image/png": bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        case "image/jpeg": bytes.starts(with: [0xFF, 0xD8, 0xFF])
        case "image/gif": bytes.starts(with: Array("GIF87a".utf8)) || bytes.starts(with: Array("GIF89a".utf8))
        case "image/webp": bytes.starts(with: Array("RIFF".utf8)) && bytes.dropFirst(8).starts(with: Array("WEBP".utf8))
        default: false
        }
    }
}
