# All that can be signaled is the session's own.
# ends: completed
import os, signal
for number in (signal.SIGSTOP, signal.SIGKILL):
    for pid in (0, -1):
        if os.fork() == 0:
            os.setsid() if pid == 0 else None
            try:
                os.kill(pid, signal.SIGWINCH)
            finally:
                os._exit(0)
        os.wait()
print("closed")
