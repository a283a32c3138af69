"""Opens a web page in Chromium, once from each origin, whose script calls the python tool of the daemon at PORT.

web_page.py CHROMIUM PORT ORIGIN…: prints {"origin": …, "shown": …} for each.
"""

import http.server
import json
import re
import subprocess
import sys
import tempfile
import threading

CHROMIUM, PORT, ORIGINS = sys.argv[1], sys.argv[2], sys.argv[3:]
PAGE = """<!doctype html><title>page</title><p id="shown">nothing yet</p><script>
const post = async (message, headers) => fetch("http://localhost:%s/python/mcp", {
  method: "POST", body: JSON.stringify({jsonrpc: "2.0", id: 1, ...message}),
  headers: {"content-type": "application/json", "accept": "application/json, text/event-stream", ...headers}});
const run = async () => {
  const begin = {protocolVersion: "2025-06-18", capabilities: {}, clientInfo: {name: "page", version: "1"}};
  const opened = await post({method: "initialize", params: begin}, {"x-harmonium-note": "1"});
  const session = {"mcp-session-id": opened.headers.get("mcp-session-id"), "mcp-protocol-version": "2025-06-18"};
  const call = {name: "python", arguments: {code: "6 * 7"}};
  const text = await (await post({method: "tools/call", params: call}, session)).text();
  return JSON.parse(text.match(/data: (.*"result".*)/)[1]).result.content[0].text;
};
run().then(text => "answered " + text, error => "failed " + error)
  .then(text => document.getElementById("shown").textContent = text);
</script>""" % PORT


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def log_message(self, *_):
        pass


site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
threading.Thread(target=site.serve_forever, daemon=True).start()
for origin in ORIGINS:
    # Origins without a port stand for a site elsewhere, which is ours too.
    name = origin.removeprefix("http://")
    address = f"{origin}:{site.server_port}" if name == "127.0.0.1" else origin
    with tempfile.TemporaryDirectory(prefix="harmonium-page-") as profile:
        options = [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--dump-dom",
            "--virtual-time-budget=20000", f"--user-data-dir={profile}",
            f"--host-resolver-rules=MAP {name}:80 127.0.0.1:{site.server_port}",
        ]
        shown = subprocess.run([CHROMIUM, *options, address], capture_output=True, text=True, timeout=60).stdout
    found = re.search(r'id="shown">([^<]*)<', shown)
    print(json.dumps({"origin": origin, "shown": found.group(1) if found else shown[:300]}), flush=True)
