# A crash leaves no core, in the session or outside, and the limit that keeps the machine's helper from it stays one byte:
# with a limit of none the kernel would start the helper.
import ctypes
import os
import resource
import subprocess

CORE = resource.RLIMIT_CORE
libc = ctypes.CDLL(None, use_errno=True)
assert resource.getrlimit(CORE) == (1, 1)
assert resource.prlimit(os.getpid(), CORE) == (1, 1)
for limits in ((0, 0), (0, 1), (1, 1), (resource.RLIM_INFINITY,) * 2):
    new = (ctypes.c_uint64 * 2)(*(value & 0xFFFFFFFFFFFFFFFF for value in limits))
    # setrlimit and prlimit64, the resource with an upper half that the kernel drops.
    for number in (CORE, CORE | 1 << 32):
        for arguments in ((160, ctypes.c_ulong(number), new), (302, 0, ctypes.c_ulong(number), new, None)):
            ctypes.set_errno(0)
            if libc.syscall(*arguments) == 0 or ctypes.get_errno() != 38:
                print("HOLE", limits, hex(number), ctypes.get_errno())
assert resource.getrlimit(CORE) == (1, 1)
for shell in ("ulimit -c unlimited; kill -SEGV $$", "ulimit -c 0; kill -SEGV $$", "kill -SEGV $$"):
    done = subprocess.run(["sh", "-c", shell], cwd="/mnt/data", capture_output=True)
    assert done.returncode != 0, shell
if [name for name in os.listdir("/mnt/data") + os.listdir("/tmp") if name.startswith("core")]:
    print("HOLE: a core")
print("closed")
