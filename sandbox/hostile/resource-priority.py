# No process gets before others, and none is spared when memory is short.
import os


def write(path, text):
    file = os.open(path, os.O_WRONLY)
    os.write(file, text)


for name, attempt in {
    "nice": lambda: os.nice(-1),
    "setpriority": lambda: os.setpriority(os.PRIO_PROCESS, 0, -20),
    "real time": lambda: os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1)),
    "memory": lambda: write("/proc/self/oom_score_adj", b"-1000"),
    "autogroup": lambda: write("/proc/self/autogroup", b"-20"),
}.items():
    try:
        attempt()
        print("HOLE", name)
    except OSError as error:
        assert error.errno in (1, 13), (name, error)
print("closed")
