# The allowed twins: events, timers and pipes of one's own, in the numbers that programs need, and what they ask of
# descriptors.
import fcntl
import os
import select
import socket

poll = select.epoll()
pipes = [os.pipe() for _ in range(100)]
for read, write in pipes:
    poll.register(read, select.EPOLLIN)
    os.write(write, b"x")
assert len(poll.poll(1, 200)) == 100
a, b = socket.socketpair()
socket.send_fds(a, [b"x"], [0, 1, 2])
assert len(socket.recv_fds(b, 1, 3)[1]) == 3
file = os.open("/tmp/own", os.O_RDWR | os.O_CREAT)
assert fcntl.fcntl(file, fcntl.F_GETFL) & os.O_RDWR
fcntl.fcntl(file, fcntl.F_SETFL, os.O_APPEND)
fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB), fcntl.lockf(file, fcntl.LOCK_UN)
os.close(fcntl.fcntl(file, fcntl.F_DUPFD_CLOEXEC, 10)), os.close(fcntl.fcntl(file, fcntl.F_DUPFD, 10))
assert fcntl.fcntl(pipes[0][1], fcntl.F_SETPIPE_SZ, 4096) == fcntl.fcntl(pipes[0][1], fcntl.F_GETPIPE_SZ) == 4096
memory = os.memfd_create("own", os.MFD_ALLOW_SEALING)
fcntl.fcntl(memory, fcntl.F_ADD_SEALS, fcntl.F_SEAL_GROW)
assert fcntl.fcntl(memory, fcntl.F_GET_SEALS) == fcntl.F_SEAL_GROW
for option in (socket.SO_SNDBUF, socket.SO_RCVBUF, socket.SO_PASSCRED, socket.SO_REUSEADDR):
    a.setsockopt(socket.SOL_SOCKET, option, 4096)
print("closed")
