# The end of a program is the cell's alone, not the session's.
# ends: raised
# has: SystemExit: 7
import sys
sys.exit(7)
