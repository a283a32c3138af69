# A stack without end ends the interpreter, or the recursion.
# ends: raised, signaled 11, signaled 6, outOfMemory
import sys
sys.setrecursionlimit(1 << 30)
def down(): down()
class Deep:
    def __repr__(self): return repr(self)
try:
    down()
except RecursionError:
    pass
repr(Deep())
