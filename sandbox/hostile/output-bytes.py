# Bytes that are no text.
import os
os.write(1, b"\xc0\x80 \xed\xa0\x80 \xf5\xf8\xff \xe2\x82\n" + bytes(range(256)) + b"\n")
print("closed")
