# A child takes no flag but those of fork and of threads: above all it does not become the zygote's (CLONE_PARENT), which
# would not wait for it, so that the session could never end.
import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)
SIGCHLD = 17
usual = 0x017D5F00


def clone(flags):
    ctypes.set_errno(0)
    child = libc.syscall(56, ctypes.c_ulong(flags), 0, 0, 0, 0)
    if child == 0:
        libc.syscall(231, 0)
    return child


for upper in (0, 1 << 32, 0xFFFFFFFF << 32):
    for bit in range(8, 32):
        flag = 1 << bit
        if usual & flag:
            continue
        for more in (0, 0x4000, 0x1200000):
            child = clone(upper | flag | more | SIGCHLD)
            if child >= 0 or ctypes.get_errno() != errno.EPERM:
                print("HOLE", hex(upper | flag | more), child, ctypes.get_errno())
# Nor does it end with another signal than SIGCHLD, which would be its creator's parent's to hear.
for signal in set(range(1, 256)) - {SIGCHLD}:
    if clone(signal) >= 0:
        print("HOLE", "signal", signal)
# clone3 hides its flags in memory, where no filter looks; other ways in are closed altogether.
arguments = (ctypes.c_uint64 * 11)(0x8000, 0, 0, 0, SIGCHLD)
ctypes.set_errno(0)
if libc.syscall(435, arguments, ctypes.sizeof(arguments)) >= 0 or ctypes.get_errno() != errno.ENOSYS:
    print("HOLE", "clone3", ctypes.get_errno())
if os.path.exists("/proc/1") or libc.unshare(0x400) == 0 or libc.setns(0, 0) == 0:
    print("HOLE", "namespaces")
print("closed")
