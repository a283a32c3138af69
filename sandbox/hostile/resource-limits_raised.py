# No hard limit goes up, in the process or by way of a child.
import ctypes, resource, subprocess
for name in ("NPROC", "DATA", "NOFILE", "FSIZE", "CORE", "MEMLOCK", "NICE", "RTPRIO", "MSGQUEUE", "SIGPENDING"):
    number = getattr(resource, "RLIMIT_" + name)
    soft, hard = resource.getrlimit(number)
    for wanted in (hard + 1 if hard >= 0 else -1, resource.RLIM_INFINITY):
        try:
            resource.setrlimit(number, (wanted, wanted))
            print("HOLE", name)
        except (ValueError, OSError):
            pass
        try:
            resource.prlimit(1, number, (wanted, wanted))
            print("HOLE: PID 1", name)
        except (OSError, ValueError):
            pass
print("closed")
