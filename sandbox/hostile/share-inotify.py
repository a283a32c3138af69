# Watches on files are counted for the machine's user who made the namespaces: a session must not use them up.
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
made = 0
while made < 1000 and libc.inotify_init1(0) >= 0:
    made += 1
if made > 16:
    print("HOLE", made, "watches")
print("closed")
