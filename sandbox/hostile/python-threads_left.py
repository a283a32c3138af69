# Threads that outlive their cell write without end: the run ends, and so does the session.
import os, threading
def flood():
    while True: os.write(1, b"flood\n" * 1000)
for _ in range(4): threading.Thread(target=flood, daemon=True).start()
print("\nclosed\n", end="")
