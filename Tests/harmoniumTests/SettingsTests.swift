import Foundation
import TestSupport
import Testing

@testable import harmonium

@Suite(.bounded) struct SettingsTests {
    @Test func `no setting is in the table twice, and every default is one that may be set`() async throws {
        #expect(Set(Setting.all.map(\.key)).count == Setting.all.count)
        let defaults = try await SettingsTests.settings()
        let given = Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.key, $0.defaultText) })
        let empty = given.filter { $0.value.isEmpty }.keys
        #expect(try await SettingsTests.settings(given.filter { !empty.contains($0.key) }) == defaults)
    }

    @Test(arguments: Setting.all)
    func `every setting is read, from an option, the environment and a file`(setting: Setting) async throws {
        let other = SettingsTests.other(than: setting)
        let expected = try await SettingsTests.settings([setting.key: other])
        #expect(try await expected != SettingsTests.settings())
        #expect(try await SettingsTests.settings(environment: [setting.environmentName: other]) == expected)
        #expect(try await SettingsTests.settings(yaml: SettingsTests.yaml(setting, other)) == expected)
    }

    @Test(arguments: Setting.all)
    func `an option comes before the environment, and that before a file`(setting: Setting) async throws {
        guard case .number(let range, _) = setting.kind else { return }
        let (low, high) = ("\(range.lowerBound)", "\(range.upperBound)")
        let file = SettingsTests.yaml(setting, high)
        let fromEnvironment = try await SettingsTests.settings(environment: [setting.environmentName: low], yaml: file)
        #expect(try await fromEnvironment == SettingsTests.settings([setting.key: low]))
        let environment = [setting.environmentName: low]
        let fromOption = try await SettingsTests.settings([setting.key: high], environment: environment)
        #expect(try await fromOption == SettingsTests.settings([setting.key: high]))
    }

    @Test(arguments: Setting.all)
    func `a value that cannot be is refused with the setting's name`(setting: Setting) async throws {
        let wrong: [String]
        switch setting.kind {
        case .text: wrong = []
        case .choice: wrong = ["nothing of the sort", ""]
        case .number(let range, _): wrong = ["many", "\(range.lowerBound - 1)", "\(range.upperBound + 1)", "1.5"]
        case .list(_, let choices): wrong = choices.isEmpty ? [] : ["nothing of the sort"]
        }
        for value in wrong {
            let error = await #expect(throws: SettingsError.self) {
                try await SettingsTests.settings([setting.key: value])
            }
            #expect(error?.description.hasPrefix("\(setting.key): ") == true, "\(value)")
        }
    }

    @Test(arguments: [
        ("python:\n  memory-mb: 64\n", "there is no setting python.memory-mb; did you mean python.memory-mib?"),
        ("pyhton:\n  memory-mib: 64\n", "did you mean python.memory-mib?"),
        ("http:\n  port: 1\n  nothing-like-it-at-all: 1\n", "http.nothing-like-it-at-all; docs/configuration.md"),
        ("http: 8081\n", "there is no setting http;"), ("http:\n  port:\n    number: 1\n", "http.port.number"),
        ("python:\n  memory-mib: lots\n", "python.memory-mib: what is set is not a whole number"),
        ("- a\n", "cannot be read as YAML"), ("a: [\n", "cannot be read as YAML"),
    ])
    func `a file with an unknown key is refused, with the nearest known one`(yaml: String, words: String) async throws {
        let error = await #expect(throws: SettingsError.self) { try await SettingsTests.settings(yaml: yaml) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func `a file with known keys alone is taken`() async throws {
        let settings = try await SettingsTests.settings(yaml: "http:\n  port: 1\n  allowed-hosts: [a, b]\nlog: {}\n")
        #expect(settings.port == 1)
        #expect(settings.allowedHosts == ["a", "b"])
    }

    @Test(arguments: [
        ([:], 2), (["server.tools": "python,browser"], 1), (["server.tools": "browser"], 1),
        (["python.networks": "loopback,egress", "container.network": "egress"], 4),
        (["container.networks": "egress,none", "server.tools": "container"], 2),
    ])
    func `workers share the machine's memory, each network of each tool alike`(options: [String: String], shares: Int)
        async throws
    {
        let settings = try await SettingsTests.settings(options)
        #expect(settings.python.sandboxes.memoryShares == shares)
        #expect(settings.container.sandboxes.memoryShares == shares)
    }

    @Test(arguments: [
        ("python.memory-mb", "python.memory-mib"), ("http.prot", "http.port"), ("python.sesions", "python.sessions"),
        ("x", nil), ("completely.different-thing", nil),
    ])
    func `the nearest key is named, if one is near`(key: String, nearest: String?) {
        #expect(Setting.nearest(to: key, among: Setting.all.map(\.key)) == nearest)
    }

    @Test func `a variable that looks like a setting is reported`() {
        let environment = ["HARMONIUM_HTTP_PROT": "1", "HARMONIUM_HTTP_PORT": "1", "HARMONIUM_CONFIG": "", "PATH": ""]
        let unknown = SettingSources(options: [:], environment: environment).unknownVariables
        #expect(unknown.map(\.name) == ["HARMONIUM_HTTP_PROT"])
        #expect(unknown.map(\.hint) == ["did you mean HARMONIUM_HTTP_PORT?"])
    }

    private static func settings(
        _ options: [String: String] = [:],
        environment: [String: String] = [:],
        yaml: String? = nil
    ) async throws -> Settings {
        var file: String?
        defer { if let file { try? FileManager.default.removeItem(atPath: file) } }
        if let yaml {
            let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).yaml").path()
            try yaml.write(toFile: path, atomically: true, encoding: .utf8)
            file = path
        }
        return try await SettingSources(options: options, file: file, environment: environment).settings()
    }

    /// A value that may be set and is not the default.
    private static func other(than setting: Setting) -> String {
        switch setting.kind {
        case .text, .list(_, []): "a=b"
        case .choice(let choices): choices[1]
        case .number(let range, let standard): "\(standard == range.lowerBound ? range.upperBound : range.lowerBound)"
        case .list(_, let choices): choices[0]
        }
    }

    private static func yaml(_ setting: Setting, _ value: String) -> String {
        let levels = setting.key.split(separator: ".")
        let value = if case .list = setting.kind { "[\"\(value)\"]" } else { value }
        return "\(levels[0]):\n  \(levels[1]): \(value)\n"
    }
}
