# No process but those of the session, however it is asked for.
import os
seen = {int(name) for name in os.listdir("/proc") if name.isdigit()}
for pid in range(1, 3000):
    try:
        os.stat(f"/proc/{pid}/stat")
        seen.add(pid)
    except OSError:
        pass
if seen != {os.getpid()}:
    print("HOLE", seen)
if os.getppid() != 0:
    print("HOLE: a parent", os.getppid())
print("closed")
