# 100 MB in one line, written past Python's own streams.
# ends: outputLimit, raised
# limit: 20000
import os
line = b"y" * (1 << 20)
for _ in range(100):
    os.write(1, line)
