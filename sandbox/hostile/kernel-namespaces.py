# No new namespace and no other's, by any call or flag.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for flag in (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x80):
    if libc.syscall(272, flag) == 0:
        print("HOLE: unshare", hex(flag))
    # Not 0x80: only clone3 reads it, here it is part of a signal's number.
    if flag != 0x80:
        pid = libc.syscall(56, flag | 17, 0, 0, 0, 0)
        if pid == 0:
            os._exit(0)
        if pid > 0:
            print("HOLE: clone", hex(flag))
for name in os.listdir("/proc/self/ns"):
    try:
        descriptor = os.open("/proc/self/ns/" + name, os.O_RDONLY)
    except OSError:
        continue
    if libc.setns(descriptor, 0) == 0:
        print("HOLE: setns", name)
print("closed")
