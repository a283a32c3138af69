# A run cannot be ended by who does not know its nonce.
# ends: brokeProtocol
import os, time
for nonce in (bytes(16), b"\xff" * 16, os.urandom(16)):
    os.write(900, (17).to_bytes(4, "little") + b"\x02" + nonce + b"\0")
time.sleep(20)
