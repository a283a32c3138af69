# Limits, priority and processors of PID 1, the supervisor, are not a session's to set, whatever users there are.
import ctypes
import errno
import os
import resource

libc = ctypes.CDLL(None, use_errno=True)
parameters = ctypes.c_int(0)
mask = ctypes.c_ulong(1)
attributes = (ctypes.c_uint32 * 12)(48)
for pid in (1, 1 << 32 | 1):
    number = ctypes.c_ulong(pid)
    calls = {
        "sched_setparam": (142, number, ctypes.byref(parameters)),
        "sched_setscheduler": (144, number, 3, ctypes.byref(parameters)),
        "sched_setaffinity": (203, number, 8, ctypes.byref(mask)),
        "sched_setattr": (314, number, attributes, 0),
        "setpriority": (141, 0, number, 19),
        "setpriority of a user": (141, 2, number, 19),
        "setpriority of one's own user": (141, 2, 0, 19),
    }
    for limit in range(16):
        for new in ((0, 0), (1 << 20, 1 << 20)):
            calls[f"prlimit64 {limit} {new}"] = (302, number, limit, (ctypes.c_uint64 * 2)(*new), None)
    for name, arguments in calls.items():
        ctypes.set_errno(0)
        # The limit on cores has a reason of its own: ENOSYS.
        if libc.syscall(*arguments) == 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
            print("HOLE", name, hex(pid), ctypes.get_errno())
# What is one's own may be set.
os.sched_setaffinity(0, os.sched_getaffinity(0))
resource.prlimit(os.getpid(), resource.RLIMIT_NOFILE, (512, 512))
os.setpriority(os.PRIO_PROCESS, 0, 19)
print("closed")
