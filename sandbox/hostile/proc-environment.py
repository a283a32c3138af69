# Nothing but what the worker sets is in the environment, nor in the memory where one and the arguments once were.
import ctypes
import os
import subprocess

allowed = {"PATH", "HOME", "LANG", "LC_ALL", "TERM", "NO_COLOR", "PAGER", "USER", "MPLBACKEND", "MPLCONFIGDIR"}
allowed |= {"PYTHONDONTWRITEBYTECODE", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"}
allowed |= {"PIP_TARGET", "PIP_NO_CACHE_DIR", "PIP_BREAK_SYSTEM_PACKAGES", "PIP_DISABLE_PIP_VERSION_CHECK", "PYTHONPATH"}
allowed |= {"PIP_NO_INDEX", "PYTHONINTMAXSTRDIGITS", "PLOTLY_RENDERER"}
allowed |= {"NUMEXPR_NUM_THREADS", "CLICOLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "GIT_PAGER", "PWD", "OLDPWD", "_", "SHLVL"}
seen = set(os.environ) | {line.split("=")[0] for line in subprocess.check_output(["env"], text=True).splitlines()}
if seen - allowed:
    print("HOLE", seen - allowed)
if open("/proc/self/environ", "rb").read().strip(b"\0"):
    print("HOLE: the environment the worker was started with")
if open("/proc/self/cmdline", "rb").read().strip(b"\0"):
    print("HOLE: the arguments the worker was started with")
for line in open("/proc/self/maps"):
    if "[stack]" in line:
        start, end = (int(number, 16) for number in line.split()[0].split("-"))
        stack = ctypes.string_at(start, end - start)
        # What only the environment of somebody who works here would hold.
        for mark in (b"SSH_", b"XDG_", b"AWS_", b"HOSTNAME=", b"SUDO_", b"OPENAI"):
            if mark in stack:
                print("HOLE", mark)
print("closed")
