# Neither the worker's socket nor another of the machine's is found.
import glob, os, socket
for line in open("/proc/self/net/unix").read().splitlines()[1:]:
    fields = line.split()
    if len(fields) > 7 and ("harmonium" in fields[7] or "docker" in fields[7] or "systemd" in fields[7]):
        print("HOLE: a name of the machine's:", fields[7])
for path in glob.glob("/tmp/harmonium*") + glob.glob("/run/*") + glob.glob("/var/run/*"):
    print("HOLE", path)
print("closed")
