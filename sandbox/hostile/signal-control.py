# The allowed twins: signals among one's own, handlers, timers.
import os, signal, subprocess, time
child = subprocess.Popen(["sleep", "30"])
os.kill(child.pid, signal.SIGTERM)
assert child.wait() == -signal.SIGTERM
heard = []
signal.signal(signal.SIGUSR1, lambda *_: heard.append(1))
os.kill(os.getpid(), signal.SIGUSR1)
signal.signal(signal.SIGALRM, lambda *_: heard.append(2))
signal.setitimer(signal.ITIMER_REAL, 0.01)
time.sleep(0.1)
assert heard == [1, 2]
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(1)
except KeyboardInterrupt:
    print("closed")
