# Children of children without end, each in a group of its own. Without control groups their end takes longer.
# needs: root
# ends: timeLimit, outOfMemory
# limit: 1500
import os
while True:
    try:
        if os.fork() == 0:
            os.setsid()
    except OSError:
        pass
