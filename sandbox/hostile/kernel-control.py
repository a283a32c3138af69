# The allowed twins: processes, threads, programs in memory, and questions about terminals.
import ctypes, fcntl, os, termios, threading
pid = os.fork()
if pid == 0:
    os._exit(5)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 5
thread = threading.Thread(target=lambda: None)
thread.start(), thread.join()
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
