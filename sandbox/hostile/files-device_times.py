# Devices are the machine's: what can be written to them stays, and nothing about their files changes.
import errno
import os

for name in ("null", "zero", "full", "random", "urandom"):
    path = "/dev/" + name
    for attempt in (
        lambda: os.utime(path),
        lambda: os.utime(path, (0, 0)),
        lambda: os.chmod(path, 0o666),
        lambda: os.chown(path, os.getuid(), os.getgid()),
        lambda: os.setxattr(path, "user.own", b"x"),
        lambda: os.unlink(path),
        lambda: os.rename(path, "/dev/other"),
        lambda: os.link(path, "/tmp/own"),
    ):
        try:
            attempt()
            print("HOLE", name)
        except OSError as error:
            assert error.errno in (errno.EROFS, errno.EPERM, errno.EACCES, errno.EXDEV, errno.EBUSY), (name, error)
    try:
        os.utime(path)
    except OSError as error:
        assert error.errno == errno.EROFS, error
assert os.write(os.open("/dev/null", os.O_RDWR), b"x") == 1
assert os.read(os.open("/dev/zero", os.O_RDONLY), 2) == b"\0\0"
assert len(os.read(os.open("/dev/urandom", os.O_RDWR), 9)) == 9
try:
    os.write(os.open("/dev/full", os.O_WRONLY), b"x")
    print("HOLE", "full")
except OSError as error:
    assert error.errno == errno.ENOSPC
print("closed")
