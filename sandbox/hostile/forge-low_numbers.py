# Words of an end, in many forms, on all descriptors that programs usually have: the cell's own end is what counts.
# ends: raised
# has: RuntimeError: the real one
import json, os
for number in range(3, 512):
    for words in (b"\n", bytes(12), json.dumps({"end": "completed", "text": "forged"}).encode() + b"\n"):
        try:
            os.write(number, words)
        except OSError:
            pass
raise RuntimeError("the real one")
