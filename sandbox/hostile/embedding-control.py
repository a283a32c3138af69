# The allowed twins: ends of children, errors that are caught, foreign functions that do as they should.
import atexit, ctypes, os, subprocess, sys, threading
for status in (0, 7):
    if os.fork() == 0:
        os._exit(status)
    assert os.waitstatus_to_exitcode(os.wait()[1]) == status
assert subprocess.run([sys.executable, "-c", "import os; os.abort()"]).returncode == -6
try:
    sys.exit(3)
except SystemExit as end:
    assert end.code == 3
done = []
thread = threading.Thread(target=lambda: done.append(1))
thread.start(), thread.join()
assert done == [1]
assert ctypes.string_at(b"abc") == b"abc" and ctypes.pythonapi.Py_IsInitialized() == 1
atexit.unregister(atexit.register(print, "late"))
print("closed")
