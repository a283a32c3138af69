# Output under all numbers that there are: what is there already is the cell's to break.
# ends: completed, brokeProtocol, raised, exited 1
import os
for number in range(3, 1024):
    try:
        os.dup2(1, number)
    except OSError:
        pass
print("everywhere")
