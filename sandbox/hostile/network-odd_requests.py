# Sockets take no urgent data and no programs, and no kind of socket that only attackers ask for.
import ctypes
import socket
import struct

libc = ctypes.CDLL(None, use_errno=True)
MSG_OOB = socket.MSG_OOB
a, b = socket.socketpair()
attempts = {
    "send": lambda: a.send(b"x", MSG_OOB),
    "sendto": lambda: a.sendto(b"x", MSG_OOB | socket.MSG_DONTWAIT, "/none"),
    "sendmsg": lambda: a.sendmsg([b"x"], [], MSG_OOB),
    "recv": lambda: b.recv(1, MSG_OOB | socket.MSG_DONTWAIT),
    "recvmsg": lambda: b.recvmsg(1, 0, MSG_OOB | socket.MSG_DONTWAIT),
    "raw": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_RAW),
    "protocol": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 6),
}
# SO_ATTACH_FILTER, DETACH_FILTER, LOCK_FILTER, ATTACH_BPF, both ATTACH_REUSEPORT_, ZEROCOPY
code = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0xFFFF))
program = struct.pack("HxxxxxxP", 1, ctypes.addressof(code))
for option in (26, 27, 44, 50, 51, 52, 60):
    for value in (program, struct.pack("i", 1)):
        attempts[f"option {option} of {len(value)}"] = lambda option=option, value=value: a.setsockopt(1, option, value)
for name, attempt in attempts.items():
    try:
        print("HOLE", name, attempt())
    except OSError as error:
        assert error.errno in (38, 92, 95), (name, error)
# The same with upper halves that the kernel drops.
if libc.syscall(44, a.fileno(), b"x", 1, ctypes.c_ulong(1 << 32 | MSG_OOB), None, 0) >= 0:
    print("HOLE", "upper half of flags")
if libc.syscall(54, a.fileno(), ctypes.c_ulong(1 << 32 | 1), ctypes.c_ulong(1 << 32 | 26), program, len(program)) >= 0:
    print("HOLE", "upper half of an option")
# Queues by name are off; System V's are the session's own.
if libc.mq_open(b"/own", 0o102, 0o600, None) >= 0:
    print("HOLE", "a queue")
print("closed")
