# A child keeps the channels open, and its parent leaves: what counts is the interpreter's own end.
# ends: exited 7
import os, time
if os.fork() == 0:
    time.sleep(60)
os._exit(7)
