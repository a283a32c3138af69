# The allowed twins: events, timers and pipes of one's own, in the numbers that programs need.
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
print("closed")
