# /proc/self/exe leads to the worker's own program, past the root: it can be read, and nothing more.
import ctypes, os
attempts = {
    "chmod": lambda: os.chmod("/proc/self/exe", 0),
    "open": lambda: os.open("/proc/self/exe", os.O_WRONLY),
    "truncate": lambda: os.truncate("/proc/self/exe", 0),
    "setxattr": lambda: os.setxattr("/proc/self/exe", "user.hostile", b"1"),
    "parent": lambda: os.listdir("/proc/self/exe/.."),
}
for name, attempt in attempts.items():
    try:
        attempt()
        print("HOLE", name)
    except OSError as error:
        print(name, error.errno)
if ctypes.CDLL(None).linkat(-100, b"/proc/self/exe", -100, b"/tmp/exe", 0x400) == 0:
    print("HOLE: link")
print("closed")
