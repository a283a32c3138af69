# The memory of all processes of a session counts together.
# needs: root
# ends: outOfMemory, completed, raised, signaled 9
# lacks: ^all$
# limit: 20000
import os, time
for _ in range(6):
    if os.fork() == 0:
        block = bytearray(150 << 20)
        for index in range(0, len(block), 4096):
            block[index] = 1
        time.sleep(30)
block = bytearray(150 << 20)
time.sleep(2)
alive = 6
while True:
    pid, _ = os.waitpid(-1, os.WNOHANG)
    if pid == 0:
        break
    alive -= 1
print("all" if alive == 6 else "some")
os.kill(-1, 9)
