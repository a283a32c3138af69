// Python's C interface, and functions for those of its parts that are macros or change between versions.
#ifndef HARMONIUM_CPYTHON_H
#define HARMONIUM_CPYTHON_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <sys/mman.h>

static inline int cpython_version_major(void) { return PY_MAJOR_VERSION; }
static inline int cpython_version_minor(void) { return PY_MINOR_VERSION; }
static inline void cpython_release(PyObject *object) { Py_DecRef(object); }
static inline int cpython_is_bytes(PyObject *object) { return PyBytes_Check(object); }
static inline int cpython_is_list(PyObject *object) { return PyList_Check(object); }
static inline int cpython_is_tuple(PyObject *object) { return PyTuple_Check(object); }
static inline int cpython_is_text(PyObject *object) { return PyUnicode_Check(object); }

// Addresses without memory, NULL where they cannot be had. These are here because Swift cannot import the C library
// beside Python.h, which sees other parts of it.
static inline void *cpython_reserve(size_t bytes) {
    void *start = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return start == MAP_FAILED ? NULL : start;
}
// Makes reserved addresses usable; 0 if they are now.
static inline int cpython_commit(void *start, size_t bytes) { return mprotect(start, bytes, PROT_READ | PROT_WRITE); }
// The memory goes back to the machine, and the addresses are zero when they are used again.
static inline void cpython_decommit(void *start, size_t bytes) { madvise(start, bytes, MADV_DONTNEED); }

// Starts the interpreter of this process: isolated from the environment and the user's files, without signal
// handlers, and with UTF-8 for texts, file names and arguments. Returns NULL, or what went wrong.
static inline const char *cpython_start(const char *program) {
    PyPreConfig encoding;
    PyPreConfig_InitIsolatedConfig(&encoding);
    // Left alone, an isolated interpreter keeps the C locale, which is ASCII. Source: PEP 540.
    encoding.utf8_mode = 1;
    // For the C library too: it reads LC_ALL.
    encoding.configure_locale = 1;
    PyStatus status = Py_PreInitialize(&encoding);
    if (PyStatus_Exception(status)) return status.err_msg ? status.err_msg : "the interpreter left before it started";
    PyConfig config;
    PyConfig_InitIsolatedConfig(&config);
    config.install_signal_handlers = 0;
    config.write_bytecode = 0;
    config.site_import = 1;
    config.use_environment = 0;
    config.buffered_stdio = 1;
    status = PyConfig_SetBytesString(&config, &config.program_name, program);
    if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    if (!PyStatus_Exception(status)) return NULL;
    return status.err_msg ? status.err_msg : "the interpreter left while it started";
}

#endif
