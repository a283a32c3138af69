# The times of the worker's own program, which all sessions see, are not a session's to set: that takes its owner, who as an
# ordinary user is the session's too.
# needs: root
import os
for name, attempt in {
    "chown": lambda: os.chown("/proc/self/exe", os.getuid(), os.getgid()),
    "utime": lambda: os.utime("/proc/self/exe", (0, 0)),
}.items():
    try:
        attempt()
        print("HOLE", name)
    except OSError as error:
        assert error.errno == 1, error
print("closed")
