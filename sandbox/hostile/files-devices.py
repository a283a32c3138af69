# No device can be made or reached through a file of the session's.
import os, stat
for kind, device in ((stat.S_IFBLK, (254, 0)), (stat.S_IFBLK, (8, 0)), (stat.S_IFCHR, (1, 1)), (stat.S_IFCHR, (10, 232))):
    for directory in ("/tmp", "/mnt/data", "/dev/shm"):
        try:
            os.mknod(directory + "/device", kind | 0o600, os.makedev(*device))
            print("HOLE", device)
        except OSError as error:
            assert error.errno == 1, error
for name in ("kvm", "fuse", "vda", "sda", "mem", "net/tun", "vhost-net", "ptmx", "console", "tty", "loop-control"):
    if os.path.exists("/dev/" + name):
        print("HOLE", name)
print("closed")
