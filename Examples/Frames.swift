import SandboxProtocol

/// Sends a file over a channel that tears it into pieces, and reads the request again at the other end.
func sendFile(_ path: String, _ content: String) throws {
    let request = FileRequest.write(path: Array(path.utf8), content: Array(content.utf8))
    var decoder = FrameDecoder()
    for byte in request.frame.encoded {
        decoder.append([byte])
        guard let frame = try decoder.next() else { continue }
        guard case .write(let path, let content)? = try FileRequest(frame) else { continue }
        print("write", String(decoding: path, as: UTF8.self), "with \(content.count) bytes")
    }
}
