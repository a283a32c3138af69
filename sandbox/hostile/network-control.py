# The allowed twins: local sockets, by pair, path and abstract name, for asyncio and servers too.
import asyncio, multiprocessing.connection, os, socket, threading
a, b = socket.socketpair()
a.send(b"x")
assert b.recv(1) == b"x"
for address in ("/tmp/own.sock", "\0own"):
    server = socket.socket(socket.AF_UNIX)
    server.bind(address), server.listen()
    client = socket.socket(socket.AF_UNIX)
    client.connect(address)
    server.accept()[0].send(b"y")
    assert client.recv(1) == b"y"
async def echo():
    reader, writer = await asyncio.open_unix_connection("/tmp/asyncio.sock")
    writer.write(b"z\n")
    line = await reader.readline()
    writer.close()
    return line
async def serve():
    async def answer(reader, writer):
        writer.write(await reader.readline())
        writer.close()
    async with await asyncio.start_unix_server(answer, "/tmp/asyncio.sock"):
        return await echo()
assert await serve() == b"z\n"
print("closed")
