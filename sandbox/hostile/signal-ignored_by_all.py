# Whatever is caught or ignored, by however many, the end comes.
# ends: timeLimit
# limit: 800
import os, signal, time
for number in range(1, 65):
    try: signal.signal(number, lambda *_: None)
    except (OSError, ValueError): pass
for _ in range(20):
    if os.fork() == 0:
        os.setsid()
        while True: time.sleep(1)
while True:
    try: time.sleep(1)
    except BaseException: pass
