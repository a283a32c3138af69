# The first thread leaves and another stays: the process lives, and does not answer.
# ends: timeLimit
# limit: 700
import ctypes, threading, time
threading.Thread(target=time.sleep, args=(60,)).start()
ctypes.CDLL(None).syscall(60, 0)
