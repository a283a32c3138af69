# What is to run at the end of the interpreter holds up nothing but itself.
import atexit, time
for seconds in (60, 600, 6000):
    atexit.register(time.sleep, seconds)
print("closed")
