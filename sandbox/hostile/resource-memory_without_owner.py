# Memory that belongs to no process, in queues, pipes and shared segments, counts too.
# needs: root
# ends: outOfMemory, completed, signaled 9
# limit: 20000
# lacks: ^600
import ctypes, os, mmap
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
count = 0
for _ in range(75):
    segment = libc.shmget(0, 8 << 20, 0o1600)
    address = libc.shmat(segment, None, 0)
    if segment < 0 or address in (None, ctypes.c_void_p(-1).value):
        break
    ctypes.memset(address, 1, 8 << 20)
    count += 8
    file = os.memfd_create("x")
    os.write(file, bytes(8 << 20))
print(count)
