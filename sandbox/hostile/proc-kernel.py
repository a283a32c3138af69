# Neither the kernel's memory and symbols nor its switches.
for name in ("kcore", "kallsyms", "kmsg", "keys", "key-users", "slabinfo", "timer_list", "iomem", "sched_debug", "config.gz"):
    try:
        text = open("/proc/" + name, "rb").read(4096)
    except OSError:
        continue
    if any(character in b"123456789abcdef" for character in text.split(b" ")[0]) and name in ("kcore", "kallsyms", "kmsg"):
        print("HOLE", name, text[:64])
for path in (
    "/proc/sys/kernel/modprobe", "/proc/sys/kernel/core_pattern", "/proc/sys/vm/overcommit_memory", "/proc/sysrq-trigger",
    "/proc/self/oom_score_adj", "/proc/self/loginuid", "/proc/irq/default_smp_affinity",
    "/sys/power/state", "/sys/kernel/uevent_helper", "/sys/fs/cgroup/cgroup.procs",
):
    try:
        with open(path, "r+b", 0) as file:
            file.write(b"-1\n")
        print("HOLE", path)
    except OSError:
        pass
print("closed")
