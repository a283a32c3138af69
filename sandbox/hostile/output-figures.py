# A picture is named by its file, and its file is one.
# ends: completed
# has: figure-1\.png
# has: ^closed$
import matplotlib.pyplot as plt, os
plt.bar(["a", "b"], [1, 2])
plt.show()
if open("/mnt/data/figure-1.png", "rb").read(8) != b"\x89PNG\r\n\x1a\n":
    print("HOLE: no picture")
print("closed")
