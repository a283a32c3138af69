# Hooks and streams are gone when an error has to be shown.
# ends: raised
# has: ZeroDivisionError
import sys
sys.excepthook = sys.unraisablehook = lambda *_: None
sys.stdout, sys.stderr, sys.__stderr__ = None, 5, None
7 % 0
