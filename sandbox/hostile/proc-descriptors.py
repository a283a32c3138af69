# The descriptors that a cell has are its channels, its streams and what it opens: no directory or group of the machine's.
import os
own = ("/proc/", "/dev/", "/mnt/data", "/tmp", "pipe:", "socket:", "anon_inode:")
for name in os.listdir("/proc/self/fd"):
    number = int(name)
    try:
        target = os.readlink(f"/proc/self/fd/{name}")
    except OSError:
        continue
    if number > 2 and not 900 <= number < 903 and not target.startswith(own):
        print("HOLE", number, target)
    if "cgroup" in target or "memfd" in target or "/root" in target or "/home" in target:
        print("HOLE", number, target)
    try:
        print("HOLE", number, os.listdir(f"/proc/self/fd/{number}/../../../../../../home"))
    except OSError:
        pass
print("closed")
