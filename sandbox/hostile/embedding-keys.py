# The memory that sessions are forked from holds no key of anything.
# ends: completed
# has: ^closed$
# limit: 60000
import re
signs = re.compile(rb"(?:Authorization: Bea{1}rer |s{1}k-proj-|A{1}KIA[0-9A-Z]{4})\w{12}")
with open("/proc/self/mem", "rb", 0) as memory:
    for line in open("/proc/self/maps"):
        start, end = (int(number, 16) for number in line.split()[0].split("-"))
        if line.split()[1][0] == "r" and end - start < 1 << 28 and end < 1 << 47:
            try:
                memory.seek(start)
                for found in signs.findall(memory.read(end - start)):
                    print("HOLE", found)
            except OSError:
                pass
print("closed")
