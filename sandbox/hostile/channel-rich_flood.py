# More pictures than a run may show.
# ends: brokeProtocol
import os, time
frame = b"\x09image/png" + b"x" * 65536
for _ in range(1000):
    os.write(900, len(frame).to_bytes(4, "little") + b"\x01" + frame)
time.sleep(20)
