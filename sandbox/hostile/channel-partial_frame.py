# A frame that is announced and never comes delays its sender alone.
# ends: timeLimit
# limit: 700
import os, time
os.write(900, (9 << 20).to_bytes(4, "little") + b"\x01" + b"x" * 100)
time.sleep(20)
