# A status of zero that the interpreter knows nothing of is no success.
# ends: exited 0
# has: ^begun$
import os
print("begun", flush=True)
os._exit(0)
