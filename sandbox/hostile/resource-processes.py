# Processes and threads count together, those of children too.
import os, threading, time
count = 0
try:
    for _ in range(60):
        threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
        count += 1
    for _ in range(200):
        if os.fork() == 0:
            time.sleep(5)
            os._exit(0)
        count += 1
except (OSError, RuntimeError):
    pass
if count >= 129:
    print("HOLE", count)
if count < 100:
    print("HOLE: the limit is too low", count)
print("closed")
