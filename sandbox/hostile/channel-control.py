# The allowed twins: programs that count, close and duplicate descriptors from below.
import os, socket, subprocess, sys
a, b = socket.socketpair()
socket.send_fds(a, [b"x"], [0])
message, received, _, _ = socket.recv_fds(b, 1, 1)
assert message == b"x" and os.fstat(received[0])
os.closerange(3, 256)
print(subprocess.check_output([sys.executable, "-c", "print(3)"], close_fds=True).decode().strip())
if os.fork() == 0:
    os._exit(0)
os.wait()
print("closed")
