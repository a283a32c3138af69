# Who has been started does not start again, under whatever number.
# ends: brokeProtocol
import os, time
os.write(900, (4).to_bytes(4, "little") + b"\x05" + (1).to_bytes(4, "little"))
time.sleep(20)
