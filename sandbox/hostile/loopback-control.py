# network: loopback
# The allowed twins: TCP and UDP to oneself, in both versions of the protocol, with the usual options.
import asyncio, http.server, socket, threading, urllib.request
for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
    server = socket.create_server((host, 0), family=family, reuse_port=True)
    client = socket.create_connection(server.getsockname()[:2])
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    server.accept()[0].send(b"y")
    assert client.recv(1) == b"y"
    one, other = (socket.socket(family, socket.SOCK_DGRAM, number) for number in (0, socket.IPPROTO_UDP))
    one.bind((host, 0))
    other.sendto(b"z", one.getsockname())
    assert one.recv(1) == b"z"
web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
threading.Thread(target=web.serve_forever, daemon=True).start()
assert urllib.request.urlopen(f"http://localhost:{web.server_port}/").status == 200
web.shutdown()
print("closed")
