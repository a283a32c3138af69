# A child by vfork that hears no signal and never ends holds its parent, and with it the cell, no longer than the limit.
# ends: timeLimit, signaled 9
# limit: 1500
import ctypes
import signal

libc = ctypes.CDLL(None)
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
if libc.syscall(58) == 0:
    while True:
        libc.pause()
print("HOLE: the parent goes on")
