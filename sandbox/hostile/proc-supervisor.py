# PID 1 is neither seen nor read.
import os
for name in ("environ", "cmdline", "maps", "mem", "fd", "root", "cwd", "exe", "status", "task"):
    try:
        path = "/proc/1/" + name
        print("HOLE", path, os.listdir(path) if name in ("fd", "task", "root", "cwd") else open(path, "rb").read(64))
    except OSError as error:
        assert error.errno in (1, 2, 13), error
if "1" in os.listdir("/proc"):
    print("HOLE: PID 1 is listed")
print("closed")
