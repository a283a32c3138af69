# Not even an own child is traced, read or written from another process.
import ctypes, os, time
libc = ctypes.CDLL(None, use_errno=True)
pid = os.fork()
if pid == 0:
    time.sleep(10)
    os._exit(0)
for request in (16, 0x4206):
    if libc.ptrace(request, pid, 0, 0) != -1 or ctypes.get_errno() not in (1, 38):
        print("HOLE: ptrace", request)
for call in (310, 311, 312, 438, 440, 448):
    if libc.syscall(call, pid, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() not in (1, 38):
        print("HOLE", call, ctypes.get_errno())
os.kill(pid, 9)
os.wait()
print("closed")
