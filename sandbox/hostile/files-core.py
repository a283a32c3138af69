# A crash leaves no core, in the session or outside.
import os, resource, signal, subprocess
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
done = subprocess.run(["sh", "-c", "ulimit -c unlimited; kill -SEGV $$"], cwd="/mnt/data", capture_output=True)
assert done.returncode != 0
if [name for name in os.listdir("/mnt/data") + os.listdir("/tmp") if name.startswith("core")]:
    print("HOLE: a core")
print("closed")
