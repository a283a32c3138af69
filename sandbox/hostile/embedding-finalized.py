# The interpreter is taken down from within a cell.
# ends: exited 0, signaled 11, signaled 6, brokeProtocol, timeLimit
# limit: 3000
import ctypes
ctypes.pythonapi.Py_Finalize()
