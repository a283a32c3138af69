# Other files under the numbers of the channels.
# ends: brokeProtocol
import os, time
nothing = os.open("/dev/null", os.O_RDWR)
for number in (900, 901, 902):
    os.dup2(nothing, number)
time.sleep(20)
