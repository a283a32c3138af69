# The kernel reads 32 bits of some arguments; a filter that compares 64 lets the same call through with others set.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.argtypes = [ctypes.c_long] + [ctypes.c_ulong] * 6
high = 1 << 32
def refused(name, *arguments):
    result = libc.syscall(*(list(arguments) + [0] * (7 - len(arguments))))
    error = ctypes.get_errno()
    if result >= 0 or error not in (1, 25, 38, 101):
        print("HOLE", name, result, error)
refused("ioctl TIOCSTI", 16, 0, high | 0x5412, 0)
refused("ioctl TIOCLINUX", 16, 0, high | 0x541C, 0)
refused("socket netlink", 41, high | 16, 3, 0)
refused("socket inet", 41, high | 2, 1, 0)
refused("socket vsock", 41, high | 40, 1, 0)
refused("prctl dumpable", 157, high | 4, 0)
refused("prctl seccomp", 157, high | 22, 2)
refused("clone new user", 56, high | 0x10000000 | 17, 0)
print("closed")
