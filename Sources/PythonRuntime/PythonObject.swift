internal import CPython

/// A Python object, and one reference to it.
///
/// It is a class because collections and closures hold objects too; the count that keeps the object alive is Python's.
///
/// Safe to use: the pointer is private and the reference is held as long as this lives.
@safe final class PythonObject {
    private let pointer: UnsafeMutablePointer<PyObject>

    /// Takes over a reference.
    init(owning pointer: UnsafeMutablePointer<PyObject>) {
        unsafe self.pointer = pointer
    }

    deinit { unsafe cpython_release(pointer) }

    /// Takes over the reference that a call gave, or throws the exception it left.
    static func check(
        _ action: @autoclosure () -> String,
        _ pointer: UnsafeMutablePointer<PyObject>?
    ) throws(PythonError) -> PythonObject {
        guard let pointer = unsafe pointer else { throw PythonError(action(), takeException()) }
        return unsafe PythonObject(owning: pointer)
    }

    /// A module, imported if it was not yet.
    static func module(_ name: String) throws(PythonError) -> PythonObject {
        unsafe try check("import \(name)", PyImport_ImportModule(name))
    }

    /// A text; ill-formed UTF-8 in it is replaced.
    static func text(_ utf8: [UInt8]) throws(PythonError) -> PythonObject {
        let text = unsafe utf8.withUnsafeBytes { bytes in
            unsafe PyUnicode_DecodeUTF8(
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                bytes.count,
                "replace"
            )
        }
        return unsafe try check("decode", text)
    }

    func attribute(_ name: String) throws(PythonError) -> PythonObject {
        unsafe try PythonObject.check(name, PyObject_GetAttrString(pointer, name))
    }

    func callAsFunction() throws(PythonError) -> PythonObject {
        unsafe try PythonObject.check("call", PyObject_CallNoArgs(pointer))
    }

    /// Calls the object with one argument.
    func callAsFunction(_ argument: PythonObject) throws(PythonError) -> PythonObject {
        unsafe try PythonObject.check("call", PyObject_CallOneArg(pointer, argument.pointer))
    }

    /// A list of texts.
    static func list(_ texts: [String]) throws(PythonError) -> PythonObject {
        let list = unsafe try check("list", PyList_New(0))
        for text in texts {
            let item = try PythonObject.text(Array(text.utf8))
            if unsafe PyList_Append(list.pointer, item.pointer) != 0 { throw PythonError("list", takeException()) }
        }
        return list
    }

    /// The items of a list or a tuple, nil if it is neither.
    var items: [PythonObject]? {
        if unsafe cpython_is_list(pointer) == 0 && cpython_is_tuple(pointer) == 0 { return nil }
        let count = unsafe PySequence_Size(pointer)
        return (0..<max(count, 0)).compactMap { index in
            unsafe PySequence_GetItem(pointer, index).map { unsafe PythonObject(owning: $0) }
        }
    }

    /// The object as an integer; nil if it is not one, or does not fit.
    var integer: Int? {
        let value = unsafe PyLong_AsLong(pointer)
        guard value == -1, unsafe PyErr_Occurred() != nil else { return value }
        PyErr_Clear()
        return nil
    }

    /// The object as a text; nil if it is not one, or has lone surrogates.
    var string: String? {
        guard unsafe cpython_is_text(pointer) != 0 else { return nil }
        var count = 0
        guard let text = unsafe PyUnicode_AsUTF8AndSize(pointer, &count) else {
            PyErr_Clear()
            return nil
        }
        let bytes = unsafe UnsafeRawBufferPointer(start: text, count: count)
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    /// The object as bytes; nil if it is not a `bytes`.
    var bytes: [UInt8]? {
        guard unsafe cpython_is_bytes(pointer) != 0, let start = unsafe PyBytes_AsString(pointer) else { return nil }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: PyBytes_Size(pointer)))
    }
}

/// Takes the pending exception away, and gives its type and its words.
func takeException() -> String {
    var type: UnsafeMutablePointer<PyObject>?
    var value: UnsafeMutablePointer<PyObject>?
    var trace: UnsafeMutablePointer<PyObject>?
    unsafe PyErr_Fetch(&type, &value, &trace)
    unsafe PyErr_NormalizeException(&type, &value, &trace)
    defer {
        unsafe cpython_release(type)
        unsafe cpython_release(value)
        unsafe cpython_release(trace)
    }
    guard let value = unsafe value, let shown = unsafe PyObject_Repr(value) else {
        PyErr_Clear()
        return "no exception was set"
    }
    return unsafe PythonObject(owning: shown).string ?? "an exception that cannot be shown"
}
