# The allowed twins: text of all scripts, bytes that are text, much of it, and both streams.
import os, sys
print("naïve 漢字 🙂 مرحبا")
os.write(1, "ünïts\n".encode())
print("to people", file=sys.stderr)
for number in range(20_000):
    print("line", number)
print("closed")
