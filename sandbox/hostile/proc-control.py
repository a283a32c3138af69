# The allowed twins: a process reads about itself and its children.
import os, subprocess
assert open("/proc/self/status").read() and open("/proc/self/maps").read()
child = subprocess.Popen(["sleep", "30"])
assert str(child.pid) in os.listdir("/proc")
while b"sleep" not in open(f"/proc/{child.pid}/cmdline", "rb").read():
    pass  # It becomes the program in its own time.
child.kill()
child.wait()
print("closed")
