# No socket of any family but the local one.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for family in range(-1, 300):
    for kind in (1, 2, 3, 5):
        for call in (41, 53):
            pair = (ctypes.c_int * 2)()
            result = libc.syscall(call, family, kind, 0, pair)
            if result >= 0 and family != 1:
                print("HOLE", family, kind)
            if result >= 0:
                [libc.close(number) for number in (list(pair) if call == 53 else [result])]
print("closed")
