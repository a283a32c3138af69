# The allowed twins: as much as is granted.
import os, resource, subprocess, threading
block = bytearray(200 << 20)
del block
threads = [threading.Thread(target=lambda: None) for _ in range(50)]
for thread in threads: thread.start()
for thread in threads: thread.join()
children = [subprocess.Popen(["true"]) for _ in range(30)]
assert all(child.wait() == 0 for child in children)
open("/mnt/data/big", "wb").write(bytes(50 << 20))
os.nice(1)
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (100, hard))
def down(n): return n and down(n - 1)
assert down(500) == 0
print("closed")
