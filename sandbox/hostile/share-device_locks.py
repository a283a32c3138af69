# Locks on devices, which all sessions see, tell nothing: the worker shares them with all, so that there is none for one.
# needs: root
import errno
import fcntl
import os

for name in ("null", "zero", "full", "random", "urandom"):
    device = os.open("/dev/" + name, os.O_RDWR)
    fcntl.flock(device, fcntl.LOCK_SH | fcntl.LOCK_NB)
    for lock in (fcntl.flock, fcntl.lockf):
        try:
            lock(device, fcntl.LOCK_EX | fcntl.LOCK_NB)
            print("HOLE", name)
        except OSError as error:
            assert error.errno == errno.EAGAIN, error
    fcntl.lockf(device, fcntl.LOCK_SH | fcntl.LOCK_NB, 10, 10)
print("closed")
