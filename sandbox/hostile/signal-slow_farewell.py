# What sleeps when it is forgotten, and at the exit of a child.
# ends: timeLimit, completed
# limit: 1000
import atexit, os, time
class Farewell:
    def __del__(self): time.sleep(60)
farewell = Farewell()
atexit.register(time.sleep, 60)
if os.fork() == 0:
    raise SystemExit
del farewell
