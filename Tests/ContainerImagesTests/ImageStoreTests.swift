import Foundation
import LinuxSystem
import TestSupport
import Testing

@testable import ContainerImages

@Suite(.bounded) struct ImageStoreTests {
    @Test func `images are listed by name, replaced and removed`() throws {
        let workshop = try Workshop()
        let store = try workshop.store()
        #expect(store.images().isEmpty)
        try store.importImage(workshop.archive("file('old')"), as: "b")
        try store.importImage(workshop.archive("file('a')"), as: "a-1.0")
        #expect(store.images().map(\.name) == ["a-1.0", "b"])
        try store.importImage(workshop.archive("file('new')"), as: "b")
        #expect(workshop.tree("store/b/root") == ["new"])
        try store.remove("b")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(workshop.path)/store") == ["a-1.0"])
        #expect(throws: ImageError.self) { try store.image("b") }
        #expect(throws: ImageError.self) { try store.remove("b") }
    }

    @Test func `an image in use is neither replaced nor removed`() throws {
        let workshop = try Workshop()
        let store = try workshop.store()
        let archive = try workshop.archive("file('a')")
        let image = try store.importImage(archive, as: "used")
        let use = try store.use(image)
        #expect(#expect(throws: ImageError.self) { try store.remove("used") }?.code == .inUse)
        #expect(#expect(throws: ImageError.self) { try store.importImage(archive, as: "used") }?.code == .inUse)
        #expect(workshop.tree("store/used/root") == ["a"])
        let other = try store.use(image)
        withExtendedLifetime((use, other)) {}
    }

    @Test func `an image that is used no more can be removed`() throws {
        let workshop = try Workshop()
        let store = try workshop.store()
        let image = try store.importImage(workshop.archive("file('a')"), as: "used")
        do { _ = try store.use(image) }
        try store.remove("used")
        #expect(store.images().isEmpty)
    }

    @Test(arguments: ["", ".", "..", ".import-x", "a/b", "../a", "a b", String(repeating: "a", count: 129), "é"])
    func `an invalid name is refused`(name: String) throws {
        let workshop = try Workshop()
        let store = try workshop.store()
        let archive = try workshop.archive("file('a')")
        #expect(throws: ImageError.self) { try store.importImage(archive, as: name) }
        #expect(throws: ImageError.self) { try store.remove(name) }
        #expect(workshop.tree("store").isEmpty)
    }

    @Test func `what a killed import has left is removed by the next`() throws {
        let workshop = try Workshop()
        let store = try workshop.store()
        try workshop.python("os.makedirs('store/.import-abc/image/root'); os.makedirs('store/.removed-abc')")
        try store.importImage(workshop.archive("file('a')"), as: "a")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(workshop.path)/store") == ["a"])
    }

    @Test func `a check says what a session would miss`() throws {
        let workshop = try Workshop()
        let store = try workshop.store()
        let programs = ["sh", "bash", "ls", "tar", "git", "python3", "curl", "rg"]
        let all = programs.map { "file('usr/bin/\($0)')" }.joined(separator: ", ")
        try store.importImage(workshop.archive("link('bin', 'usr/bin'), folder('dev'), \(all)"), as: "good")
        #expect(try store.check("good").filter { !$0.description.contains("one user") }.isEmpty)
        try store.importImage(workshop.archive("link('dev', 'tmp'), link('bin', '/nowhere')"), as: "bad")
        let problems = try store.check("bad")
        #expect(problems.filter(\.isFatal).map(\.description) == ["/dev is no directory", "there is no sh"])
        #expect(problems.contains { $0.description == "there is no python3" })
        #expect(throws: ImageError.self) { try store.check("none") }
    }

    @Test func `a missing archive is named`() throws {
        let workshop = try Workshop()
        let store = try workshop.store()
        let error = #expect(throws: ImageError.self) { try store.importImage("\(workshop.path)/none.tar", as: "a") }
        #expect(error?.code == .notFound)
        #expect(error?.description.contains("none.tar") == true)
    }
}
