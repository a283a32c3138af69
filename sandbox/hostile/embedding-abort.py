# The C library gives up.
# ends: signaled 6
import ctypes
ctypes.CDLL(None).abort()
