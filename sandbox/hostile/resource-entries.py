# Empty files without end: there is an end.
# ends: raised
# has: Errno (28|122)
# limit: 60000
import os
number = 0
while True:
    os.close(os.open(f"/mnt/data/{number}", os.O_CREAT | os.O_WRONLY))
    number += 1
