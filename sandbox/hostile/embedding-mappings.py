# No memory is shared with another process in a way that could be written.
import re
for line in open("/proc/self/maps"):
    if re.search(r" .w.s ", line):
        print("HOLE: shared and writable:", line)
print("closed")
