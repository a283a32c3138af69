# No process but those of the session, however it is asked for.
import os
import time


def others():
    seen = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    for pid in range(1, 3000):
        try:
            os.stat(f"/proc/{pid}/stat")
            seen.add(pid)
        except OSError:
            pass
    return seen - {os.getpid()}


# An interpreter of this very session that was killed a moment ago may still be on its way out.
end = time.monotonic() + 2
while (seen := others()) and time.monotonic() < end:
    pass
if seen:
    print("HOLE", seen)
if os.getppid() != 0:
    print("HOLE: a parent", os.getppid())
print("closed")
