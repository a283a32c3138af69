# Frames that no interpreter sends, on the channel that one has.
# ends: brokeProtocol
import os
os.write(900, bytes(64))
import time; time.sleep(20)
