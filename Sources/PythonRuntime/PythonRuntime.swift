internal import CPython

/// The one Python interpreter of this process, and the code in `sandbox/bootstrap` that runs cells.
///
/// Every call is made from the thread that started it. Source: "Initialization, Finalization, and Threads" of the
/// Python/C manual.
public struct PythonRuntime: ~Copyable {
    private let cells: PythonObject
    private let runCell: PythonObject

    /// Starts Python and imports the bootstrap package from `bootstrap`, a directory.
    ///
    /// Python is never finalized: the process ends by `_exit` or a signal.
    ///
    /// - Throws: ``PythonError`` if Python does not start or the package cannot be imported.
    public init(bootstrap: String) throws(PythonError) {
        guard ArenaRegion.install() else { throw PythonError("start Python", "no room in the address space") }
        if let failure = unsafe cpython_start(PythonRuntime.program) {
            throw PythonError("start Python", unsafe String(cString: failure))
        }
        let path = try PythonObject.module("sys").attribute("path")
        _ = try path.attribute("append")(PythonObject.text(Array(bootstrap.utf8)))
        let package = try PythonObject.module("harmonium")
        let run = try package.attribute("run")
        (cells, runCell) = (package, run)
    }

    /// Where the command-line Python of this library's version is, by the file hierarchy's rules.
    ///
    /// Python finds its modules from there, and `sys.executable` names it to code that starts another Python.
    public static var program: String {
        "/usr/bin/python\(cpython_version_major()).\(cpython_version_minor())"
    }

    /// Imports `packages` and runs some cells, so that forks share what that loads; returns notes about missing packages.
    ///
    /// - Throws: ``PythonError`` if the bootstrap fails, or a package has left a thread running.
    public func prepare(packages: [String]) throws(PythonError) -> [String] {
        let notes = try cells.attribute("prepare")(PythonObject.list(packages))
        return notes.items?.compactMap(\.string) ?? []
    }

    /// Uses up what is free between Python's objects, for good, so that what a fork allocates lies on pages of its own.
    public func fillHoles() { ArenaRegion.fillHoles() }

    /// Readies Python for any number of forks; this process must not run it again.
    ///
    /// Memory is copy-on-write: what a fork shares with its parent stays shared, and huge pages stay whole, until one of both
    /// writes to it.
    public func beforeForks() { PyOS_BeforeFork() }
    /// Begins in a fork; this thread is now the only one.
    public func afterForkInChild() { PyOS_AfterFork_Child() }

    /// Lets Python's other threads run while `body` waits for something; `body` must not touch Python.
    ///
    /// - Throws: What `body` throws.
    public func lettingThreadsRun<Value, Failure: Error>(
        _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let thread = unsafe PyEval_SaveThread()
        defer { unsafe PyEval_RestoreThread(thread) }
        return try body()
    }

    /// Makes the first cell of this process quick, at the price of some milliseconds now; before ``begin(data:)``.
    ///
    /// - Throws: `PythonError`, the exception that the bootstrap raised.
    public func touchPages() throws(PythonError) {
        _ = try cells.attribute("touch")()
    }

    /// Begins a session in this process, with `data` as its working directory.
    ///
    /// - Throws: `PythonError`, the exception that the bootstrap raised.
    public func begin(data: String) throws(PythonError) {
        _ = try cells.attribute("begin")(PythonObject.text(Array(data.utf8)))
    }

    /// What a cell did besides writing to its descriptors.
    public struct CellResult: Sendable {
        /// Whether it ended with an exception, which it has shown.
        public let hasRaised: Bool
        /// What it showed that is not text, as MIME type and content.
        public let rich: [(mimeType: String, content: [UInt8])]
    }

    /// Runs a cell to its end, UTF-8; whatever it does to Python ends here.
    public func run(_ source: [UInt8]) -> CellResult {
        // An interrupt that came too late for the last cell must not end this one.
        if PyErr_CheckSignals() != 0 { PyErr_Clear() }
        do throws(PythonError) {
            let result = try runCell(PythonObject.text(source)).items ?? []
            let rich = result.last?.items?.compactMap(PythonRuntime.richOutput) ?? []
            return CellResult(hasRaised: result.first?.integer != 0, rich: rich)
        } catch {
            return CellResult(hasRaised: true, rich: [])
        }
    }

    private static func richOutput(_ object: PythonObject) -> (mimeType: String, content: [UInt8])? {
        guard let pair = object.items, pair.count == 2, let type = pair[0].string, let content = pair[1].bytes else {
            return nil
        }
        return (type, content)
    }
}

// An interpreter belongs to the thread that started it.
@available(*, unavailable)
extension PythonRuntime: Sendable {}
