# What is mounted names no directory of the worker's, and nothing but files of the session's can be written.
for line in open("/proc/self/mountinfo"):
    fields = line.split()
    root, place, options = fields[3], fields[4], fields[5].split(",")
    writable = place in ("/proc", "/tmp", "/mnt/data", "/dev/shm") or place.startswith("/dev/")
    if "ro" not in options and not writable:
        print("HOLE: writable:", line)
    if "nosuid" not in options and not place.startswith("/dev/"):
        print("HOLE: suid:", line)
    if "harmonium" in root or "/home" in root or "/root" in root:
        print("HOLE: a path of the host's:", line)
print("closed")
