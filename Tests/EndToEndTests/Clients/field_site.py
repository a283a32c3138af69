"""Serves the answers in files of cases, byte for byte, on one free port of 127.0.0.1 to 127.0.0.39, and
prints the port."""

import base64
import json
import re
import socketserver
import sys
import threading
import urllib.parse

HTML = "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: {LEN}\n"
FILLER = "Filler words to make the page long enough to be shown as is. " * 6


def answer(head, body):
    head = head.replace("{LEN}", str(len(body))).replace("\n", "\r\n")
    return head.encode() + b"Connection: close\r\n\r\n" + body


def page(title, body):
    return answer(HTML, f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode())


def recorded(case):
    if "wire" in case:
        return case["wire"].encode("utf-8", "surrogateescape")
    if "content_base64" in case:
        return answer(case.get("head", HTML), base64.b64decode(case["content_base64"]))
    return answer(case.get("head", HTML), case["content"].encode())


def pages(files):
    """What the cases lead to, by path."""
    found = {
        "/p1.html": page("Page One", f"<p>{FILLER}" * 99 + "<a href=target.html>Target link</a>"),
        "/target.html": page("TARGET OK", f"<p>{FILLER}</p><p>TARGET OK</p>"),
        "/bighuge-201": page("huge", "<p>Paragraph lorem ipsum dolor sit amet consectetur</p>\n" * 170_000),
    }
    for file in files:
        with open(file, encoding="utf-8") as lines:
            for case in map(json.loads, lines):
                if isinstance(case["input"], dict) and {"wire", "content", "content_base64"} & case.keys():
                    found["/" + case["input"]["file"].split("/site/")[1]] = recorded(case)
    return found


class Site(socketserver.StreamRequestHandler):
    pages = pages(sys.argv[1:])
    visits = {}

    def handle(self):
        request = b""
        while line := self.rfile.readline():
            request += line
            if line == b"\r\n":
                break
        path = urllib.parse.unquote(re.sub(rb"^\S+ (\S*) .*", rb"\1", request.split(b"\r\n")[0]).decode())
        if path == "/echo":
            self.wfile.write(answer("HTTP/1.1 200 OK\nContent-Type: text/plain\n", request))
        elif path.startswith("/fresh"):
            count = self.visits[path] = self.visits.get(path, 0) + 1
            aged = "Age: 700\n" if path == "/fresh/aged" else ""
            self.wfile.write(
                page(f"Visit {count}", f"<p>{FILLER}").replace(
                    b"Content-Type", f"Cache-Control: max-age=600\n{aged}Content-Type".replace("\n", "\r\n").encode(), 1
                )
            )
        else:
            missing = answer("HTTP/1.1 404 Not Found\nContent-Length: {LEN}\n", b"")
            self.wfile.write(self.pages.get(path, missing))


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64


def listen():
    """One server for each address, all on one port."""
    while True:
        servers = [Server(("127.0.0.1", 0), Site)]
        try:
            for host in range(2, 40):
                servers.append(Server((f"127.0.0.{host}", servers[0].server_address[1]), Site))
            return servers
        except OSError:
            for server in servers:
                server.server_close()


servers = listen()
for server in servers:
    threading.Thread(target=server.serve_forever).start()
print(servers[0].server_address[1], flush=True)
