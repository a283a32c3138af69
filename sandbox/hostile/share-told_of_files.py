# The kernel tells no session what others do with files that all of them see: not by dnotify, leases, fanotify or inotify.
import ctypes
import errno
import fcntl
import os
import signal

libc = ctypes.CDLL(None, use_errno=True)
signal.signal(signal.SIGIO, lambda *_: None)
F_SETSIG, F_SETLEASE, F_NOTIFY, F_SETDELEG = 10, 1024, 1026, 1040
for path in ("/usr/lib/python3/dist-packages", "/usr/bin/env", "/usr", "/etc", "/dev", "/", "/tmp", "/mnt/data"):
    file = os.open(path, os.O_RDONLY)
    for command, argument in (
        (F_NOTIFY, fcntl.DN_ACCESS | fcntl.DN_MODIFY | fcntl.DN_MULTISHOT),
        (F_SETLEASE, fcntl.F_RDLCK),
        (F_SETSIG, signal.SIGUSR1),
        (F_SETDELEG, 0),
    ):
        for upper in (0, 1 << 32):
            ctypes.set_errno(0)
            result = libc.syscall(72, file, ctypes.c_ulong(upper | command), ctypes.c_ulong(argument))
            if result >= 0 or ctypes.get_errno() != errno.ENOSYS:
                print("HOLE", path, command, result, ctypes.get_errno())
    os.close(file)
for name in ("inotify_init1", "fanotify_init"):
    if getattr(libc, name)(0, 0) >= 0:
        print("HOLE", name)
print("closed")
