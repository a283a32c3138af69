import Foundation
import LinuxSystem
import TestSupport
import Testing

@testable import ContainerImages

@Suite(.bounded) struct ImportTests {
    private static let root = """
        folder('./'), folder('./bin'), file('./bin/sh', b'#!', mode=0o755), link('./bin/bash', 'sh'), folder('./etc'), \
        file('./etc/passwd', b'root:x:0:0::/root:/bin/sh\\n'), other('./etc/group', './etc/passwd'), \
        link('./run', '/tmp'), file('usr/lib/' + 'long/' * 40 + 'name' * 30, b'deep')
        """

    @Test(arguments: ["", ", format=tarfile.GNU_FORMAT", ", zipped=True", ", format=tarfile.GNU_FORMAT, zipped=True"])
    func `a root file system is unpacked with links, modes and long names`(options: String) throws {
        let workshop = try Workshop()
        let archive = try workshop.archive(Self.root, options: options)
        let image = try workshop.store().importImage(archive, as: "base")
        let long = "usr/lib/" + String(repeating: "long/", count: 40) + String(repeating: "name", count: 30)
        let tree = workshop.tree("store/base/root")
        #expect(tree.contains("bin/bash -> sh") && tree.contains("run -> /tmp") && tree.contains(long))
        #expect(try workshop.text("store/base/root/\(long)") == "deep")
        let group = try FileManager.default.attributesOfItem(atPath: "\(image.path)/etc/group")
        #expect(group[.referenceCount] as? Int == 2)
        let shell = try FileManager.default.attributesOfItem(atPath: "\(image.path)/bin/sh")
        #expect(shell[.posixPermissions] as? Int == 0o755)
        #expect(shell[.modificationDate] as? Date == Date(timeIntervalSince1970: 1_000_000_000))
        #expect(image.entries == 9)
        #expect(image.digest.hasPrefix("sha256:"))
        let store = try FileManager.default.attributesOfItem(atPath: "\(workshop.path)/store")
        #expect(store[.posixPermissions] as? Int == 0o700)
    }

    @Test(.enabled(if: ThisProcess.user == 0, "files get owners only if root unpacks them"))
    func `files get the owners that a session can have`() throws {
        let workshop = try Workshop()
        let archive = try workshop.archive("file('a', uid=1000, gid=50), file('b', uid=70000, gid=0), link('c', 'a')")
        let image = try workshop.store().importImage(archive, as: "owners")
        let owners = try ["a", "b"].map { name in
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(image.path)/\(name)")
            return [attributes[.ownerAccountID] as? Int, attributes[.groupOwnerAccountID] as? Int]
        }
        #expect(owners == [[1000, 50], [65_534, 0]])
        #expect(image.remarks == ["1 entries of users beyond 65535 belong to the user 65534"])
    }

    /// Each archive is what the good one is but for one entry.
    @Test(arguments: [
        ("file('/etc/evil')", ImageError.Code.hostile, "absolute"),
        ("file('a/../../evil')", .hostile, "leads out"),
        ("file('..')", .hostile, "leads out"),
        ("link('evil', '../../etc')", .hostile, "leads out of the image"),
        ("link('a/b/evil', '../../../etc')", .hostile, "leads out of the image"),
        ("link('evil', '/../etc')", .hostile, "leads out of the image"),
        ("link('evil', '')", .hostile, "a link of 0 bytes"),
        ("other('evil', '/etc/passwd')", .hostile, "absolute"),
        ("other('evil', '../../etc/passwd')", .hostile, "leads out"),
        ("other('evil', 'missing')", .fileSystem, "No such file"),
        ("entry('evil', tarfile.BLKTYPE, devmajor=8)", .hostile, "a device outside of /dev"),
        ("entry('evil', tarfile.CHRTYPE)", .hostile, "a device outside of /dev"),
        ("entry('evil', b'S')", .hostile, "sparse"),
        ("file('evil', pax_headers={'GNU.sparse.major': '1'})", .hostile, "sparse"),
        ("entry('evil', b'Z')", .hostile, "kind 90"),
        ("file('a' * 256)", .hostile, "too long"),
        ("file('a/' * 300 + 'b')", .hostile, "too deep"),
        ("file(('a' * 200 + '/') * 30)", .hostile, "a path of"),
        ("link('long', 'a' * 5000)", .hostile, "a link of 5000 bytes"),
        ("link('loop', 'loop'), file('loop/evil')", .fileSystem, "symbolic links"),
    ])
    func `a hostile archive is refused with the reason, and nothing of it is left`(
        entry: String,
        code: ImageError.Code,
        reason: String
    ) throws {
        let workshop = try Workshop()
        let store = try workshop.store()
        let archive = try workshop.archive("file('good', b'x'), \(entry)")
        let error = #expect(throws: ImageError.self) { try store.importImage(archive, as: "evil") }
        #expect(error?.code == code)
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        #expect(workshop.tree("store").isEmpty)
        let good = try workshop.archive("file('good', b'x')", name: "good.tar")
        #expect(try store.importImage(good, as: "good").entries == 1)
    }

    @Test func `no entry is written through a link to what is not in the image`() throws {
        let workshop = try Workshop()
        try workshop.python("os.mkdir('outside'); open('outside/kept', 'w').write('kept')")
        let outside = "\(workshop.path)/outside"
        let archive = try workshop.archive(
            """
            link('a', '\(outside)'), file('a/evil', b'1'), link('b', '/'), file('b/etc/evil', b'2'), \
            link('file', '\(outside)/kept'), file('file', b'3'), link('again', '\(outside)'), folder('again'), \
            link('c', 'a'), file('c/more', b'4'), other('name', 'file'), folder('\(outside)'[1:])
            """
        )
        // The directory has to exist in the image for the link to lead anywhere.
        let order = "folder('\(outside)'[1:]), "
        let second = try workshop.archive(
            order
                + """
                link('a', '\(outside)'), file('a/evil', b'1'), link('b', '/'), file('b/etc/evil', b'2'), \
                link('file', '\(outside)/kept'), file('file', b'3'), link('again', '\(outside)'), folder('again')
                """,
            name: "b.tar"
        )
        let store = try workshop.store()
        // Without it, the link leads nowhere, and that is refused.
        #expect(throws: ImageError.self) { try store.importImage(archive, as: "nowhere") }
        let image = try store.importImage(second, as: "inside")
        #expect(workshop.tree("outside") == ["kept"])
        #expect(try workshop.text("outside/kept") == "kept")
        #expect(try String(contentsOfFile: image.path + outside + "/evil", encoding: .utf8) == "1")
        #expect(try String(contentsOfFile: image.path + "/etc/evil", encoding: .utf8) == "2")
        #expect(try String(contentsOfFile: image.path + "/file", encoding: .utf8) == "3")
        #expect(workshop.tree("store/inside/root").contains("again"))
    }

    @Test func `devices below dev are left out, and said`() throws {
        let workshop = try Workshop()
        let archive = try workshop.archive(
            "folder('dev'), entry('dev/null', tarfile.CHRTYPE), entry('p', tarfile.FIFOTYPE)"
        )
        let image = try workshop.store().importImage(archive, as: "devices")
        #expect(workshop.tree("store/devices/root") == ["dev", "p"])
        #expect(image.remarks.first == "1 device files were left out")
    }

    @Test(arguments: [
        ("[file(str(i)) for i in range(101)]", "", "more than 100 entries"),
        ("[file('a', b'x' * 600), file('b', b'x' * 600)]", "", "more than 1000 bytes"),
        ("[file('a', b'\\0' * 100_000_000)]", ", zipped=True", "200 times as large"),
    ])
    func `a bomb is refused`(entries: String, options: String, reason: String) throws {
        let workshop = try Workshop()
        let isZipped = !options.isEmpty
        let store = try workshop.store(ImageLimits(bytesMax: isZipped ? 1 << 30 : 1000, entriesMax: 100))
        try workshop.python("archive('a.tar', \(entries)\(options))")
        let error = #expect(throws: ImageError.self) { try store.importImage("\(workshop.path)/a.tar", as: "bomb") }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        #expect(workshop.tree("store").isEmpty)
        #expect(try workshop.store().importImage(workshop.archive("file('a')"), as: "small").entries == 1)
    }

    @Test func `damaged archives are refused, and none is written outside`() throws {
        let workshop = try Workshop()
        let whole = try Array(Data(contentsOf: URL(filePath: workshop.archive(Self.root))))
        let store = try workshop.store()
        var numbers = SystemRandomNumberGenerator()
        var refused = 0
        for _ in 0..<150 {
            var bytes = whole
            if Bool.random(using: &numbers) { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &numbers)) }
            for _ in 0..<3 where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
            }
            try Data(bytes).write(to: URL(filePath: "\(workshop.path)/damaged.tar"))
            do { try store.importImage("\(workshop.path)/damaged.tar", as: "damaged") } catch { refused += 1 }
        }
        #expect(refused > 30)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: workshop.path).sorted() == [
                "a.tar", "damaged.tar", "store", "tools.py",
            ]
        )
    }
}
