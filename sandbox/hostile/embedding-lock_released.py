# The interpreter's lock is let go of by a thread that goes on.
# ends: signaled 11, signaled 6, timeLimit
# limit: 2000
import ctypes
ctypes.PyDLL(None).PyEval_SaveThread()
