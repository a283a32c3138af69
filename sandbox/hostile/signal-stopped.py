# Stopped, with a child that wakes it and stops it again: the clock goes on.
# ends: timeLimit
# limit: 800
import os, signal, time
parent = os.getpid()
if os.fork() == 0:
    while True:
        os.kill(parent, signal.SIGCONT)
        os.kill(parent, signal.SIGSTOP)
time.sleep(60)
