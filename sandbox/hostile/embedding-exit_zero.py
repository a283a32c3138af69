# A status of zero, given behind the interpreter's back, is no success.
# ends: exited 0
# has: ^begun$
import os
print("begun", flush=True)
os._exit(0)
