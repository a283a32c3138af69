# Killing all processes kills the interpreter alone.
# ends: signaled 9
import os, subprocess
subprocess.Popen(["sh", "-c", "sleep 0.2; kill -9 -1"])
import time; time.sleep(20)
