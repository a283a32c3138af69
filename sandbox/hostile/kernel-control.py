# The allowed twins: processes by fork, vfork, clone and posix_spawn, threads, programs in memory, and questions about
# terminals.
import ctypes, fcntl, os, subprocess, termios, threading
pid = os.fork()
if pid == 0:
    os._exit(5)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 5
thread = threading.Thread(target=lambda: None)
thread.start(), thread.join()
pid = os.posix_spawn("/bin/true", ["true"], {})
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
assert subprocess.run(["sh", "-c", "exit 3"]).returncode == 3
libc = ctypes.CDLL(None)
for flags in (17, 0, 0x01200000 | 17):
    pid = libc.syscall(56, flags, 0, 0, 0, 0)
    if pid == 0:
        libc.syscall(231, 6)
    # __WALL: a child that ends without a signal is waited for too.
    status = ctypes.c_int()
    assert libc.waitpid(pid, ctypes.byref(status), 0x40000000) == pid and status.value == 6 << 8, (flags, pid)
program = os.memfd_create("allowed", 0)
os.write(program, open("/bin/true", "rb").read())
pid = os.fork()
if pid == 0:
    os.execve(program, ["true"], {})
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
assert not os.isatty(0)
r, w = os.pipe()
os.write(w, b"abc")
assert fcntl.ioctl(r, termios.FIONREAD, b"\0" * 4) == b"\3\0\0\0"
print("closed")
