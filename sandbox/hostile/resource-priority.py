# No process gets before others, and none is spared when memory is short.
import os

assert open("/proc/self/oom_score_adj").read() == "500\n"


def write(path, text):
    file = os.open(path, os.O_WRONLY)
    os.write(file, text)


for name, attempt in {
    "nice": lambda: os.nice(-1),
    "setpriority": lambda: os.setpriority(os.PRIO_PROCESS, 0, -20),
    "real time": lambda: os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1)),
    "memory": lambda: write("/proc/self/oom_score_adj", b"-1000"),
    "memory, as before the session": lambda: write("/proc/self/oom_score_adj", b"0"),
    "memory, of a thread": lambda: write("/proc/thread-self/oom_score_adj", b"0"),
    "memory, by its old name": lambda: write("/proc/self/oom_adj", b"0"),
    "autogroup": lambda: write("/proc/self/autogroup", b"-20"),
}.items():
    try:
        attempt()
        print("HOLE", name)
    except OSError as error:
        assert error.errno in (1, 13, 30), (name, error)
print("closed")
