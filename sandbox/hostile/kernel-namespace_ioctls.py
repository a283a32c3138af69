# Handles of namespaces, processes and files give no way to others: their own requests are not made.
import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)


def request(base, number, size=0, direction=0):
    return direction << 30 | size << 16 | base << 8 | number


files = {name: os.open("/proc/self/ns/" + name, os.O_RDONLY) for name in os.listdir("/proc/self/ns")}
files["pidfd"] = os.pidfd_open(os.getpid())
files["directory"] = os.open("/mnt/data", os.O_RDONLY)
files["file"] = os.open("/mnt/data/file", os.O_RDWR | os.O_CREAT)
requests = {
    # NS_GET_USERNS, PARENT, NSTYPE, OWNER_UID; numbers of processes; mounts.
    **{f"namespace {number}": request(0xB7, number) for number in range(1, 13)},
    # PIDFD_GET_*_NAMESPACE
    **{f"process {number}": request(0xFF, number) for number in range(1, 12)},
    # FS_IOC_GETFLAGS, SETFLAGS, FSGETXATTR, FSSETXATTR; FIFREEZE, FITHAW, FITRIM, FICLONE, FIDEDUPERANGE
    "flags": 0x80086601, "new flags": 0x40086602, "attributes": 0x801C581F, "new attributes": 0x401C5820,
    "freeze": 0xC0045877, "thaw": 0xC0045878, "trim": 0xC0185879, "clone": 0x40049409, "same": 0xC0189436,
    # FIGETBSZ, FIBMAP; BLKGETSIZE64
    "size": 2, "map": 1, "device": 0x80081272,
}
buffer = ctypes.create_string_buffer(256)
for file_name, file in files.items():
    for name, number in requests.items():
        for upper in (0, 1 << 32):
            ctypes.set_errno(0)
            result = libc.syscall(16, file, ctypes.c_ulong(upper | number), buffer)
            if result >= 0 or ctypes.get_errno() != errno.ENOSYS:
                print("HOLE", file_name, name, result, ctypes.get_errno())
print("closed")
