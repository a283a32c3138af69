# A debugger that waits for a person.
# ends: raised
# has: BdbQuit
import pdb
pdb.set_trace()
