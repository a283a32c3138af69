"""The two that are compared, each as a function from a cell to what it shows."""

import json
import re
import shutil
import subprocess
import tempfile
import urllib.request

SECONDS_MAX = 60
_COLOR = re.compile(r"\x1b\[[0-9;]*m")


class Shown:
    """What a cell showed, as text, and whether it failed."""

    def __init__(self, text, has_failed):
        self.text = text
        self.has_failed = has_failed


class Kernel:
    """Jupyter's own kernel, through its own client."""

    def __init__(self):
        from jupyter_client.manager import KernelManager

        self._directory = tempfile.mkdtemp(prefix="harmonium-compare-")
        self._manager = KernelManager()
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": self._directory, "LC_ALL": "C.UTF-8"}
        nowhere = subprocess.DEVNULL  # Where its children's output goes.
        self._manager.start_kernel(cwd=self._directory, env=environment, stdout=nowhere, stderr=nowhere)
        self._client = self._manager.blocking_client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=SECONDS_MAX)
        # Neither is a cell that counts.
        for setting in ("%colors NoColor", "%matplotlib inline"):
            self._client.execute_interactive(setting, timeout=SECONDS_MAX, silent=True)

    def run(self, cell):
        shown = []

        def collect(message):
            content = message["content"]
            match message["msg_type"]:
                case "stream":
                    shown.append(content["text"])
                case "execute_result" | "display_data" | "update_display_data":
                    shown.append(_of_bundle(content["data"]) + "\n")
                case "error":
                    shown.append("\n".join(content["traceback"]) + "\n")

        try:
            reply = self._client.execute_interactive(cell, timeout=SECONDS_MAX, allow_stdin=False, output_hook=collect)
        except (RuntimeError, TimeoutError) as error:
            return Shown(f"{''.join(shown)}[kernel: {error}]", True)
        content = reply["content"]
        for payload in content.get("payload", []):
            if payload.get("source") == "page":  # A question mark's answer comes beside the output.
                shown.append(payload["data"]["text/plain"] + "\n")
        text = "".join(shown).replace(self._directory, "/mnt/data")
        return Shown(_COLOR.sub("", text), content["status"] != "ok")

    def close(self):
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)
        shutil.rmtree(self._directory, ignore_errors=True)


class Harmonium:
    """A session of a daemon, through MCP."""

    _number = 0

    def __init__(self, base):
        Harmonium._number += 1
        self._base = base
        self._headers = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "x-session-id": f"compare-{Harmonium._number}",
        }
        client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "compare", "version": "1"}}
        _, headers = self._post("initialize", client)
        self._headers["Mcp-Session-Id"] = headers["Mcp-Session-Id"]

    def run(self, cell):
        result, _ = self._post("tools/call", {"name": "python", "arguments": {"code": cell}})
        text = "".join(part["text"] for part in result["content"] if part["type"] == "text")
        return Shown(text, result.get("isError", False))

    def close(self):
        self._post("tools/call", {"name": "cleanup_session", "arguments": {}})

    def _post(self, method, parameters):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).encode()
        request = urllib.request.Request(f"{self._base}/python/mcp", body, self._headers)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=2 * SECONDS_MAX) as answer:
            text = answer.read().decode()
            if answer.headers.get_content_type() == "text/event-stream":
                text = [line[6:] for line in text.splitlines() if line.startswith("data: {")][-1]
            return json.loads(text)["result"], answer.headers


def _of_bundle(data):
    """An image as a word, else the text that ours would show too."""
    if "image/png" in data or "image/jpeg" in data:
        return "[image]"
    for kind in ("text/plain", "text/markdown", "text/latex", "text/html"):
        if kind in data:
            return data[kind]
    return json.dumps(data)
