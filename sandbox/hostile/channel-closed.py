# The channels closed: nothing can be reported any more, and the supervisor does not wait for it.
# ends: brokeProtocol
import os, time
os.closerange(3, 1024)
time.sleep(20)
