# network: loopback
# With a loopback of its own a session has TCP and UDP, and no other protocol of the kernel's on top of IP.
import ctypes
import socket
import struct

libc = ctypes.CDLL(None, use_errno=True)
usual = {(1, 0), (1, 6), (2, 0), (2, 17)}
for family in (socket.AF_INET, socket.AF_INET6):
    for kind in range(0, 16):
        for protocol in [*range(300), -1, 1 << 31, 0x7FFFFFFF]:
            if (kind, protocol) in usual:
                continue
            for flags in (0, 0x80000, 0x80800):
                if libc.socket(family, kind | flags, protocol) >= 0:
                    print("HOLE", family, kind, protocol)
for family in [*range(-1, 1), *range(3, 10), *range(11, 300)]:
    if libc.socket(family, 1, 0) >= 0 or libc.socket(family, 2, 0) >= 0 or libc.socket(family, 3, 0) >= 0:
        print("HOLE", family)
# Upper halves that the kernel drops.
if libc.syscall(41, ctypes.c_ulong(1 << 32 | 2), ctypes.c_ulong(1 << 32 | 1), ctypes.c_ulong(1 << 32 | 262)) >= 0:
    print("HOLE", "upper halves")
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for name, attempt in {
    "urgent data": lambda: client.send(b"x", socket.MSG_OOB),
    "TLS in the kernel": lambda: client.setsockopt(socket.IPPROTO_TCP, 31, b"tls"),
    "repair": lambda: client.setsockopt(socket.IPPROTO_TCP, 19, 1),
    "IPsec in UDP": lambda: datagrams.setsockopt(socket.IPPROTO_UDP, 100, 2),
    "a filter": lambda: datagrams.setsockopt(1, 26, struct.pack("HxxxxxxP", 1, 0)),
    "zero copies": lambda: client.setsockopt(1, 60, 1),
}.items():
    try:
        print("HOLE", name, attempt())
    except OSError as error:
        assert error.errno in (92, 95), (name, error)
print("closed")
