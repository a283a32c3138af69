import Foundation

@testable import ContainerImages

/// A directory of a test, where Python makes archives.
final class Workshop {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Workshop.tools.write(toFile: "\(path)/tools.py", atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A store in the directory.
    func store(_ limits: ImageLimits = ImageLimits()) throws -> ImageStore {
        try ImageStore("\(path)/store", limits: limits)
    }

    /// Runs a script there.
    func python(_ script: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", "from tools import *\n" + script]
        process.currentDirectoryURL = URL(filePath: path)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }

    /// The archive with these entries, as calls of the script's functions.
    func archive(_ entries: String, name: String = "a.tar", options: String = "") throws -> String {
        try python("archive('\(name)', [\(entries)]\(options))")
        return "\(path)/\(name)"
    }

    func text(_ name: String) throws -> String { try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }

    /// All paths below a directory, with what links point to.
    func tree(_ name: String) -> [String] {
        let files = FileManager.default
        return ((try? files.subpathsOfDirectory(atPath: "\(path)/\(name)")) ?? []).sorted().map { below in
            let target = try? files.destinationOfSymbolicLink(atPath: "\(path)/\(name)/\(below)")
            return target.map { "\(below) -> \($0)" } ?? below
        }
    }

    private static let tools = """
        import gzip, hashlib, io, json, os, tarfile

        def entry(name, kind=tarfile.REGTYPE, link='', mode=0o644, uid=0, gid=0, **more):
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.mode, info.uid, info.gid = kind, link, mode, uid, gid
            info.mtime = 1000000000
            for key, value in more.items(): setattr(info, key, value)
            return info, b''

        def file(name, content=b'', **more):
            info, _ = entry(name, **more)
            info.size = len(content)
            return info, content

        def folder(name, **more): return entry(name, tarfile.DIRTYPE, mode=more.pop('mode', 0o755), **more)
        def link(name, target): return entry(name, tarfile.SYMTYPE, target)
        def other(name, target): return entry(name, tarfile.LNKTYPE, target)

        def layer(entries, format=tarfile.PAX_FORMAT):
            out = io.BytesIO()
            with tarfile.open(fileobj=out, mode='w', format=format) as tar:
                for info, content in entries: tar.addfile(info, io.BytesIO(content))
            return out.getvalue()

        def archive(name, entries, format=tarfile.PAX_FORMAT, zipped=False):
            data = layer(entries, format)
            open(name, 'wb').write(gzip.compress(data) if zipped else data)

        def digest(data): return 'sha256:' + hashlib.sha256(data).hexdigest()

        def layout(directory, layers, zipped=True, reference=None, architecture=None):
            os.makedirs(directory + '/blobs/sha256', exist_ok=True)
            def blob(data):
                open(directory + '/blobs/sha256/' + digest(data)[7:], 'wb').write(data)
                return {'digest': digest(data), 'size': len(data)}
            config = {'config': {'Env': ['PATH=/bin', 'A=b'], 'WorkingDir': '/work', 'User': '1000'},
                      'rootfs': {'type': 'layers', 'diff_ids': [digest(l) for l in layers]}}
            if architecture: config['architecture'] = architecture
            manifest = {'schemaVersion': 2, 'config': blob(json.dumps(config).encode()),
                        'layers': [blob(gzip.compress(l) if zipped else l) for l in layers]}
            described = blob(json.dumps(manifest).encode())
            if reference: described['annotations'] = {'org.opencontainers.image.ref.name': reference}
            index = {'schemaVersion': 2, 'manifests': []}
            if os.path.exists(directory + '/index.json'): index = json.load(open(directory + '/index.json'))
            index['manifests'].append(described)
            json.dump(index, open(directory + '/index.json', 'w'))
            open(directory + '/oci-layout', 'w').write('{"imageLayoutVersion": "1.0.0"}')

        def saved(name, layers, tags=['image:latest'], zipped=False):
            config = json.dumps({'architecture': 'amd64', 'config': {'Env': ['PATH=/bin']},
                                 'rootfs': {'diff_ids': [digest(l) for l in layers]}}).encode()
            names = [digest(l)[7:] + '/layer.tar' for l in layers]
            manifest = [{'Config': digest(config)[7:] + '.json', 'RepoTags': tags, 'Layers': names}]
            archive(name, [file(n, l) for n, l in zip(names, layers)]
                    + [file(digest(config)[7:] + '.json', config), file('manifest.json', json.dumps(manifest).encode())],
                    zipped=zipped)
        """
}
