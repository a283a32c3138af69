# A character that comes byte by byte, each for itself, is one.
# ends: completed
# has: ^🙂ß$
import os, time
for byte in "🙂ß\n".encode():
    os.write(1, bytes([byte]))
    time.sleep(0.02)
