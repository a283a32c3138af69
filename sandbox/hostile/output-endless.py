# Output without end, as short lines.
# ends: outputLimit
# has: ^0123456789$
import os
while True:
    os.write(1, b"0123456789\n" * 500)
