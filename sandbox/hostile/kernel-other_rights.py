# No process becomes traceable, gains a capability, or is let off by an own filter.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for option, value in ((4, 0), (4, 1), (28, 0), (22, 2), (24, 0), (47, 2), (35, 1), (53, 0), (0x59616d61, -1), (33, 1), (34, 0),
                      (57, 1), (62, 1), (65, 1), (58, 0)):
    if libc.prctl(option, value, 0, 0, 0) != -1:
        print("HOLE: prctl", option)
if libc.syscall(317, 1, 0, 0) != -1:
    print("HOLE: seccomp")
if libc.syscall(126, ctypes.create_string_buffer(64), ctypes.create_string_buffer(64)) != -1:
    print("HOLE: capset")
for number in (246, 320, 169, 101, 155, 165, 166, 161, 304, 303, 428, 429, 430, 431, 432, 433, 434 + 8, 438, 440, 448):
    if libc.syscall(number, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() not in (1, 38):
        print("HOLE", number, ctypes.get_errno())
print("closed")
