# The callers of a cell, and everything that the collector knows, hold no means to end a run or to name one.
import gc, sys
frame = sys._getframe()
while frame:
    for name, value in list(frame.f_locals.items()):
        if "nonce" in name.lower() or "channel" in name.lower():
            print("HOLE", frame.f_code.co_filename, name)
    if "/home/" in frame.f_code.co_filename or "/work/" in frame.f_code.co_filename:
        print("HOLE", frame.f_code.co_filename)
    frame = frame.f_back
for value in gc.get_objects():
    kind = type(value)
    if kind.__module__.startswith("harmonium") and "nonce" in repr(getattr(value, "__dict__", "")).lower():
        print("HOLE", kind)
print("closed")
