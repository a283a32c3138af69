# A file without a name gets one only where the session may write.
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
file = os.open("/tmp", os.O_TMPFILE | os.O_RDWR)
os.write(file, b"x")
for target in ("/usr/bin/hostile", "/etc/hostile", "/hostile", "/mnt/data/hostile"):
    # Python's own os.link would not follow the link.
    if libc.linkat(-100, f"/proc/self/fd/{file}".encode(), -100, target.encode(), 0x400) == 0:
        print("HOLE", target)
    assert ctypes.get_errno() in (1, 13, 18, 30), ctypes.get_errno()
print("closed")
