import Foundation
import TestSupport
import Testing

@testable import ContainerImages

@Suite(.bounded) struct LayerTests {
    private static let layers = """
        lower = layer([folder('etc'), file('etc/a', b'a'), file('etc/b', b'b'), folder('opt/x'), file('opt/x/old'), \
        folder('usr/lib'), link('lib', 'usr/lib'), file('gone/deep/file')])
        upper = layer([file('etc/a', b'A'), file('etc/.wh.b'), file('opt/x/.wh..wh..opq'), file('opt/x/new'), \
        file('lib/added', b'l'), file('.wh.gone'), file('etc/.wh.never'), file('etc/c', b'c'), file('etc/.wh.c')])
        """
    private static let tree = [
        "etc", "etc/a", "etc/c", "lib -> usr/lib", "opt", "opt/x", "opt/x/new", "usr", "usr/lib", "usr/lib/added",
    ]

    @Test(arguments: [
        "layout('image', [lower, upper])", "layout('image', [lower, upper], zipped=False)",
        "saved('image', [lower, upper])", "saved('image', [lower, upper], zipped=True)",
        """
        layout('dir', [lower, upper]); t = tarfile.open('image', 'w')
        for n in ('oci-layout', 'index.json', 'blobs'): t.add('dir/' + n, n)
        t.close()
        """,
    ])
    func `layers lie one over the other, with what the upper ones remove`(made: String) throws {
        let workshop = try Workshop()
        try workshop.python("\(Self.layers)\n\(made)")
        let image = try workshop.store().importImage("\(workshop.path)/image", as: "layers")
        #expect(workshop.tree("store/layers/root") == Self.tree)
        #expect(try workshop.text("store/layers/root/etc/a") == "A")
        #expect(image.configuration.environment.first == "PATH=/bin")
        #expect(try workshop.store().image("layers") == image)
    }

    @Test func `what an image says of its programs is kept`() throws {
        let workshop = try Workshop()
        try workshop.python("layout('image', [layer([file('a')])], architecture='s390x')")
        let configuration = try workshop.store().importImage("\(workshop.path)/image", as: "one").configuration
        #expect(configuration.directory == "/work")
        #expect(configuration.user == "1000")
        #expect(configuration.environment == ["PATH=/bin", "A=b"])
        #expect(configuration.architecture == "s390x")
    }

    @Test(arguments: [
        ("os.truncate(largest(), 100)", ImageError.Code.malformed),
        ("open(largest(), 'r+b').write(b'x' * 10)", .malformed),
        ("f = open(largest(), 'r+b'); f.seek(600); f.write(b'12345678'); f.close()", .digestMismatch),
        ("open(largest(), 'ab').write(b'more')", .digestMismatch),
        ("os.remove(largest())", .notFound),
        ("open('image/index.json', 'w').write('{')", .malformed),
        ("open('image/index.json', 'w').write('{\"manifests\": []}')", .notFound),
        ("open('image/index.json', 'w').write('{\"manifests\": [{\"digest\": \"sha256:../../x\"}]}')", .malformed),
        ("os.remove('image/oci-layout')", .malformed),
    ])
    func `what is not what its digest says is not imported`(damage: String, code: ImageError.Code) throws {
        let workshop = try Workshop()
        let make = "layout('image', [layer([file('a', os.urandom(5000))])], zipped=False)"
        let largest =
            "largest = lambda: max(('image/blobs/sha256/' + n for n in os.listdir('image/blobs/sha256')), key=os.path.getsize)"
        try workshop.python("\(make)\n\(largest)\n\(damage)")
        let store = try workshop.store()
        let error = #expect(throws: ImageError.self) { try store.importImage("\(workshop.path)/image", as: "one") }
        #expect(error?.code == code, "\(error?.description ?? "")")
        #expect(workshop.tree("store").isEmpty)
    }

    @Test func `a saved layer that is another is not imported`() throws {
        let workshop = try Workshop()
        try workshop.python(
            """
            saved('image', [layer([file('a', b'1' * 1000)])])
            data = open('image', 'rb').read().replace(b'1' * 1000, b'2' * 1000)
            open('image', 'wb').write(data)
            """
        )
        let store = try workshop.store()
        let error = #expect(throws: ImageError.self) { try store.importImage("\(workshop.path)/image", as: "one") }
        #expect(error?.code == .digestMismatch)
    }

    @Test func `of several images the one that is named is imported`() throws {
        let workshop = try Workshop()
        try workshop.python(
            "layout('image', [layer([file('a')])], reference='1'); layout('image', [layer([file('b')])], reference='2')"
        )
        let store = try workshop.store()
        let error = #expect(throws: ImageError.self) { try store.importImage("\(workshop.path)/image", as: "one") }
        #expect(error?.description.contains("the archive has 1, 2") == true)
        try store.importImage("\(workshop.path)/image", as: "one", reference: "2")
        #expect(workshop.tree("store/one/root") == ["b"])
        #expect(throws: ImageError.self) { try store.importImage("\(workshop.path)/image", as: "two", reference: "3") }
    }
}
