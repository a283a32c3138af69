# Objects that every session has from the same fork are overwritten: the next session has its own.
# ends: completed, raised, signaled 11, signaled 6, brokeProtocol, timeLimit
# limit: 3000
import ctypes
ctypes.memset(id(42) + 24, 0, 4)
with open("/proc/self/mem", "r+b", 0) as memory:
    for value in (True, "closed", print):
        memory.seek(id(value))
        memory.write(bytes(16))
