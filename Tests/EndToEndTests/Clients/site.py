"""Serves a page that a script makes on a free port of 127.0.0.1, and prints the port. Ends with its standard output."""

import http.server

FILES = {
    "/": ("text/html", "<title>Light</title><noscript>Turn scripts on</noscript><div id=root></div><script src=app.js></script>"),
    "/app.js": ("text/javascript", "fetch('data.json').then(r => r.json()).then(d => root.innerHTML = d.html)"),
    "/data.json": ("application/json", '{"html": "<h1>Kept</h1><p>The lamp is <a href=/lamp>here</a>."}'),
    "/lines": ("text/plain", "one\ntwo\n"),
    "/emptied": ("text/html", "<title>Oil</title>" + "<p>Paraffin burns with a steady flame. " * 20
                 + "<div id=root></div><script>document.body.textContent = 'The script has failed.'</script>"),
    "/lamp": ("text/html", "<title>Lamp</title>" + "<p>Paraffin burns with a steady flame. " * 20),
}


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        kind, body = FILES.get(self.path, ("text/plain", ""))
        self.send_response(200 if self.path in FILES else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments):
        pass


with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
    print(server.server_port, flush=True)
    server.serve_forever()
