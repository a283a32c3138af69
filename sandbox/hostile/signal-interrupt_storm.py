# Interrupts without end, which the cell does not hear.
import os
import signal
import time

signal.signal(signal.SIGINT, lambda *_: None)
parent = os.getpid()
if os.fork() == 0:
    end = time.time() + 0.5
    while time.time() < end:
        os.kill(parent, signal.SIGINT)
    os._exit(0)
os.wait()
print("closed")
