# A write to where nothing is.
# ends: signaled 11
import ctypes
ctypes.memset(8, 0, 1)
