# A length over the limit is refused before its payload comes.
# ends: brokeProtocol
import os, time
os.write(900, b"\xff\xff\xff\xff\x01")
time.sleep(20)
