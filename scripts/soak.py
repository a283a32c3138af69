"""Good and hostile sessions against one daemon, parts of which are killed at random; then counts what is left.

soak.py DAEMON MINUTES: exits with 1 if anything is left or a good session got a wrong answer.
soak.py --health PORT: asks for /healthz until its input ends, then prints how long the answers took.
"""

import collections
import contextlib
import glob
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

HOSTILE = [path.read_text() for path in sorted((pathlib.Path(__file__).parent.parent / "sandbox/hostile").glob("*.py"))]
GOOD_CLIENTS, HOSTILE_CLIENTS, RAW_CLIENTS, FLOOD_CLIENTS, BODY_CLIENTS, SLOW_CLIENTS = 4, 16, 2, 3, 2, 1
GOOD_MACHINES, GOOD_PAIRS, HOSTILE_MACHINES = 3, 2, 6
# Run as root of a container; what says HOLE has got out.
HOSTILE_COMMANDS = [
    ":(){ :|:& };:; sleep 2",
    "while :; do setsid sleep 1000 & done",
    "yes",
    "cat /dev/urandom",
    "head -c 2G /dev/zero > /big; head -c 2G /dev/zero > /mnt/data/big; head -c 2G /dev/zero > /dev/shm/big; echo full",
    "i=0; while echo > /tmp/file-$i; do i=$((i+1)); done",
    "tail /dev/zero",
    "kill -9 -1; kill -9 1; kill -STOP 1; kill -STOP -1",
    "trap '' TERM INT HUP; while :; do sleep 1; done",
    "rm -rf /* 2>/dev/null; echo gone",
    "mv /tmp /old; ln -s /proc/self/root/etc /tmp; yes | head -c 1000000",
    "rm -f /etc/passwd; mkfifo /etc/passwd",
    "while :; do exec {fd}<> /dev/ptmx || break; done; sleep 1",
    "mount -t tmpfs none /mnt && echo HOLE; unshare -r true && echo HOLE; mknod /tmp/m c 1 1 && echo HOLE",
    "cat /proc/1/environ /proc/1/maps && echo HOLE; ls /proc/1/fd/ && echo HOLE",
]
# Output that is no text, and text that is dear to count.
FLOODS = [
    "import os\nb = os.urandom(65536)\nwhile True: os.write(1, b)",
    "import os\nb = bytes(65536)\nwhile True: os.write(1, b)",
    "import os\nb = ('\\ufffd' * 20000).encode()\nwhile True: os.write(1, b)",
]
# Bodies that are dear to read.
BODIES = [
    "[" + '{"":0},' * 1_198_000 + "0]",
    '{"text": "' + "<|start|>assistant<|message|>a<|end|>" * 200_000 + '"}',
    '{"message": {"role": "assistant", "content": "' + "\\ud800" * 1_300_000 + '"}}',
]
HEALTH_MS_MAX = 50
POOL = 4
# Python's worker with its zygote and two processes for each session that waits, and container's with one for each.
IDLE_PROCESSES = 2 + 2 * POOL + 1 + POOL
WORKERS = ("harmonium-pytho", "harmonium-conta")
SETTINGS = {
    "HARMONIUM_BROWSER_DOCUMENTS": "",
    "HARMONIUM_PYTHON_TIME_LIMIT_SECONDS": "3",
    "HARMONIUM_PYTHON_GRACE_SECONDS": "1",
    "HARMONIUM_PYTHON_MEMORY_MIB": "512",
    "HARMONIUM_PYTHON_DATA_MIB": "64",
    "HARMONIUM_PYTHON_TMP_MIB": "64",
    "HARMONIUM_PYTHON_OUTPUT_MIB": "4",
    "HARMONIUM_PYTHON_POOL": str(POOL),
    "HARMONIUM_CONTAINER_TIME_LIMIT_SECONDS": "3",
    "HARMONIUM_CONTAINER_GRACE_SECONDS": "1",
    "HARMONIUM_CONTAINER_MEMORY_MIB": "512",
    "HARMONIUM_CONTAINER_DATA_MIB": "64",
    "HARMONIUM_CONTAINER_OUTPUT_MIB": "4",
    "HARMONIUM_CONTAINER_POOL": str(POOL),
    "HARMONIUM_LOG_LEVEL": "error",
}


class Counts(collections.Counter):
    """What happened, counted by many threads."""

    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()
        self.wrong = []

    def add(self, name):
        with self._lock:
            self[name] += 1

    def fault(self, text):
        with self._lock:
            self.wrong.append(text)


class Daemon:
    """The daemon under test, and what the machine shows of it."""

    def __init__(self, program):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.runtime = tempfile.mkdtemp(prefix="harmonium-soak-")
        # The daemon gives up being root.
        os.chmod(self.runtime, 0o777)
        # What would outlive it goes with this process.
        self.state = tempfile.TemporaryDirectory(prefix="harmonium-soak-state-")
        os.chmod(self.state.name, 0o755)
        self.log = open(os.path.join(self.runtime, "log"), "wb")
        self.process = subprocess.Popen(
            [program, "serve", "--host", "127.0.0.1", "--port", str(self.port)],
            env={
                "PATH": os.environ["PATH"],
                "XDG_RUNTIME_DIR": self.runtime,
                "STATE_DIRECTORY": self.state.name + "/harmonium",
                **SETTINGS,
            },
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
        )
        # By number: other workers of this machine are none of our business.
        self.seen_workers = set()
        self.wait_until_ready()

    def wait_until_ready(self):
        for _ in range(600):
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.get("/readyz")[0] == 200:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        sys.exit("the daemon does not get ready; it says:\n" + open(self.log.name).read())

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()

    @property
    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    @property
    def memory(self):
        """Private and shared memory of the daemon alone, in MiB."""
        with open(f"/proc/{self.process.pid}/smaps_rollup") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024

    def descendants(self):
        """Processes below the daemon: numbers, with the names they gave themselves."""
        children = collections.defaultdict(list)
        for name in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat") as stat:
                text = stat.read()
                parent = int(text[text.rindex(")") + 2 :].split()[1])
                children[parent].append((int(name), text[text.index("(") + 1 : text.rindex(")")]))
        found, following = [], [self.process.pid]
        while following:
            for child in children[following.pop()]:
                found.append(child)
                following.append(child[0])
        return found

    def workers(self):
        workers = [pid for pid, name in self.descendants() if name in WORKERS]
        self.seen_workers.update(workers)
        return workers

    def groups(self):
        """The directories of control groups that workers of ours have made."""
        paths = glob.glob("/sys/fs/cgroup/**/harmonium-*", recursive=True)
        return [path for path in paths if int(path.rsplit("-", 1)[1]) in self.seen_workers]

    def socket_path(self):
        paths = glob.glob(self.runtime + "/harmonium-*/worker-*.sock")
        return random.choice(paths) if paths else None


class Client:
    """An MCP client on Streamable HTTP, with a session of its own."""

    def __init__(self, daemon, namespace="python", session=None):
        self.daemon = daemon
        self.namespace = namespace
        self.id = session or "soak-%016x" % random.getrandbits(64)
        self.headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        self.headers["x-session-id"] = self.id
        self._connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=60)
        begin = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "soak", "version": "1"}}
        answer, headers = self._post("initialize", begin)
        self.headers["Mcp-Session-Id"] = headers.get("Mcp-Session-Id", "")

    def call(self, code):
        """Runs a cell, or a script of bash."""
        return self._post("tools/call", self._run(code))[0]["result"]

    def use(self, tool, **arguments):
        return self._post("tools/call", {"name": tool, "arguments": arguments})[0]["result"]

    def _run(self, code):
        if self.namespace == "python":
            return {"name": "python", "arguments": {"code": code}}
        return {"name": "exec", "arguments": {"cmd": ["bash", "-c", code]}}

    def abandon(self, code):
        """Asks for a run and hangs up."""
        self._send("tools/call", self._run(code))
        time.sleep(random.random() / 5)
        self._connection.close()

    def end(self):
        self._post("tools/call", {"name": "cleanup_session", "arguments": {}})
        self._connection.request("DELETE", f"/{self.namespace}/mcp", headers=self.headers)
        self._connection.getresponse().read()
        self._connection.close()

    def _send(self, method, parameters):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters})
        self._connection.request("POST", f"/{self.namespace}/mcp", body, self.headers)

    def _post(self, method, parameters):
        self._send(method, parameters)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        if answer.status == 503:
            raise ConnectionError("503")
        if answer.headers.get("Content-Type", "").startswith("text/event-stream"):
            text = [line[6:] for line in text.splitlines() if line.startswith("data: {")][-1]
        return json.loads(text), answer.headers


def good(daemon, counts):
    """A session that counts: each answer is the right one, or says that something was lost."""
    client = Client(daemon)
    client.call("n = 0")
    for number in range(1, random.randrange(3, 30)):
        result = client.call("n += 1\nprint(n, sum(range(10000)))")
        text = result["content"][0]["text"]
        if text == f"{number} 49995000":
            counts.add("good calls right")
        elif result["isError"] or "lost" in text or "ended" in text:
            counts.add("good calls that lost state")
            break
        else:
            counts.fault(f"call {number} answered {text[:300]!r}")
    client.end()


def hostile(daemon, counts):
    client = Client(daemon)
    for _ in range(random.randrange(1, 4)):
        if random.random() < 0.15:
            client.abandon(random.choice(HOSTILE))
            counts.add("hostile clients that hung up")
            return  # Its session is left for the daemon to end.
        text = client.call(random.choice(HOSTILE))["content"][0]["text"]
        counts.add("hostile calls")
        if holes := [line for line in text.splitlines() if line.startswith("HOLE")]:
            counts.fault(f"a hole: {holes[0][:300]}")
    client.end()


def good_machine(daemon, counts):
    """A container that counts in a file, and talks to a shell on a terminal."""
    client = Client(daemon, "container")
    client.use("exec", cmd=["bash", "--norc"], session_name="shell")
    for number in range(1, random.randrange(3, 30)):
        count = "n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) | tee n"
        result = client.use("exec", cmd=["bash", "-c", count], timeout=60_000)
        text = result["content"][0]["text"]
        if text == f"{number}\n":
            counts.add("good commands right")
        elif result["isError"] or "lost" in text or "started again" in text or "ended by signal 9" in text:
            # The last is a command that was killed before it had a name of its own.
            counts.add("good commands that lost state")
            break
        else:
            counts.fault(f"command {number} answered {text[:300]!r}")
    else:
        result = client.use("feed_chars", session_name="shell", chars="echo $((6 * 7))\n", yield_time_ms=2000)
        text = result["content"][0]["text"]
        if "\n42\n" in text:
            counts.add("good terminals right")
        elif result["isError"] or "started again" in text:
            counts.add("good commands that lost state")
        else:
            counts.fault(f"a terminal answered {text[:300]!r}")
    client.end()


def good_pair(daemon, counts):
    """A session of both tools: what one writes the other reads, whichever of them was killed meanwhile."""
    python = Client(daemon)
    container = Client(daemon, "container", python.id)
    for number in range(1, random.randrange(3, 12)):
        written = python.call(f"open('/mnt/data/n', 'w').write('{number}')")["content"][0]["text"]
        text = container.call("cat /mnt/data/n")["content"][0]["text"]
        if text == f"{number}" and written == "1":
            counts.add("good pairs right")
        elif "lost" in written + text or written != "1" or not text.isdigit():
            counts.add("good pairs that lost state")
            break
        else:
            counts.fault(f"a pair answered {written[:100]!r}, {text[:100]!r} instead of {number}")
    python.end()
    container.end()


def hostile_machine(daemon, counts):
    client = Client(daemon, "container")
    for _ in range(random.randrange(1, 5)):
        command = random.choice(HOSTILE_COMMANDS)
        way = random.random()
        if way < 0.15:
            client.abandon(command)
            counts.add("hostile clients that hung up")
            return  # Its session is left for the daemon to end.
        if way < 0.3:
            name = random.choice("abc")
            client.use("exec", cmd=["bash", "-c", command], session_name=name)
            text = client.use("feed_chars", session_name=name, chars="x" * 50000 + "\x03")["content"][0]["text"]
            counts.add("hostile terminals")
        else:
            text = client.call(command)["content"][0]["text"]
            counts.add("hostile commands")
        # A terminal shows what is typed; only a whole line is a finding.
        if "HOLE" in text.splitlines():
            counts.fault(f"a hole: {command[:300]}")
    client.end()


def raw(daemon, counts):
    """Past the daemon, to the worker: sessions that are left in the middle of a run, and bytes that are no request."""
    path = daemon.socket_path()
    if path is None:
        return
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        connection.connect(path)
        if random.random() < 0.3:
            connection.sendall(random.randbytes(random.randrange(1, 200)))
        else:
            code = random.choice(HOSTILE).encode()
            connection.sendall(struct.pack("<IBI", len(code) + 4, 1, 2000) + code)
        time.sleep(random.random() / 3)
        counts.add("raw sessions left")


def flood(daemon, counts):
    """A session whose output is no text."""
    client = Client(daemon)
    client.call(random.choice(FLOODS))
    counts.add("binary floods")
    client.end()


def body(daemon, counts):
    """A large body that is no call, or one that is never sent whole."""
    text = random.choice(BODIES).encode()
    path = random.choice(["/python/mcp", "/v1/harmony"])
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(text)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", daemon.port), timeout=30) as connection:
        connection.sendall(head.encode() + text[: random.choice([len(text), len(text) - 1])])
        connection.recv(100)
    counts.add("large bodies")


def slow(daemon, counts):
    """Many heads of which the end does not come."""
    with contextlib.ExitStack() as connections:
        for _ in range(300):
            connection = connections.enter_context(socket.create_connection(("127.0.0.1", daemon.port), timeout=10))
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: local")
        counts.add("unfinished heads, 300 each")
        time.sleep(2)


def repeat(body, daemon, counts, over):
    while not over.is_set():
        try:
            body(daemon, counts)
        except (OSError, http.client.HTTPException, ValueError, IndexError, KeyError):
            counts.add("connections lost")
            time.sleep(0.2)


def destroy(daemon, counts, over):
    """Kills what belongs to sessions all the time, and the worker every now and then."""
    worker_time = time.monotonic() + 20
    while not over.wait(random.uniform(0.1, 0.6)):
        victims = [(pid, name) for pid, name in daemon.descendants() if name in ("supervisor", "python")]
        if time.monotonic() > worker_time:
            worker_time = time.monotonic() + random.uniform(20, 40)
            victims = [(pid, "worker") for pid in daemon.workers()]
        if victims:
            pid, name = random.choice(victims)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                counts.add(f"killed {name}")


class Health:
    """Asks as a load balancer would, in a process of its own: the threads of this one would wait for each other."""

    def __init__(self, daemon):
        words = [sys.executable, __file__, "--health", str(daemon.port)]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def end(self):
        """How long each answer took, in milliseconds."""
        return json.loads(self._process.communicate()[0])


def ask_health(port):
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    times = []
    while not over.wait(0.1):
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                times.append((time.monotonic() - began) * 1000)
    json.dump(times, sys.stdout)


def watch(daemon, samples, over):
    while not over.wait(0.5):
        daemon.workers()
        samples.append((time.monotonic(), daemon.memory, daemon.descriptors))


def settle(daemon):
    """Waits until nothing is left but the daemon, its workers and their pools."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if len(daemon.descendants()) == IDLE_PROCESSES:
            time.sleep(1)
            if len(daemon.descendants()) == IDLE_PROCESSES:
                return
        time.sleep(0.2)


def mounts():
    with open("/proc/self/mountinfo") as lines:
        return sorted(lines)


def soak(daemon, minutes, counts, samples):
    """Gives how long answers of /healthz took meanwhile."""
    over = threading.Event()
    bodies = [good] * GOOD_CLIENTS + [hostile] * HOSTILE_CLIENTS + [raw] * RAW_CLIENTS
    bodies += [good_machine] * GOOD_MACHINES + [good_pair] * GOOD_PAIRS + [hostile_machine] * HOSTILE_MACHINES
    bodies += [flood] * FLOOD_CLIENTS + [body] * BODY_CLIENTS + [slow] * SLOW_CLIENTS
    threads = [threading.Thread(target=repeat, args=(body, daemon, counts, over)) for body in bodies]
    threads.append(threading.Thread(target=destroy, args=(daemon, counts, over)))
    threads.append(threading.Thread(target=watch, args=(daemon, samples, over)))
    health = Health(daemon)
    # Clients are other machines in life. Here they leave the daemon its processors, and so this process's threads come later.
    os.nice(5)
    for thread in threads:
        thread.start()
    time.sleep(minutes * 60)
    over.set()
    for thread in threads:
        thread.join()
    return health.end()


def end_sessions(daemon):
    """Sessions whose clients hung up go on until they are idle for long; a new worker ends them now."""
    for pid in daemon.workers():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    time.sleep(1)
    daemon.wait_until_ready()


def main():
    if sys.argv[1] == "--health":
        return ask_health(int(sys.argv[2]))
    program, minutes = sys.argv[1], float(sys.argv[2])
    counts, samples = Counts(), []
    mounts_before = mounts()
    daemon = Daemon(program)
    soak(daemon, 0.25, Counts(), [])  # What is made once is made by then.
    end_sessions(daemon)
    settle(daemon)
    memory_before, descriptors_before = daemon.memory, daemon.descriptors
    times = soak(daemon, minutes, counts, samples)
    end_sessions(daemon)
    settle(daemon)
    # Kept connections are closed by their end, and a new worker may be on its way.
    time.sleep(3)
    left = daemon.descendants()
    own = set(daemon.workers())
    rows = [(name, counts[name], True) for name in sorted(counts)]
    third = max(1, len(samples) // 3)
    early = sum(memory for _, memory, _ in samples[:third]) / third
    late = sum(memory for _, memory, _ in samples[-third:]) / third
    # One in each hierarchy for the worker that runs; none for those before it.
    groups = [path for path in daemon.groups() if int(path.rsplit("-", 1)[1]) not in own]
    descriptors = daemon.descriptors
    times.sort()
    median, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
    rows += [
        ("/healthz median, 99th percentile, ms", f"{median:.1f}, {p99:.1f}", p99 < HEALTH_MS_MAX),
        ("wrong answers", len(counts.wrong), not counts.wrong),
        ("processes beside the pool's", len(left) - IDLE_PROCESSES, len(left) == IDLE_PROCESSES),
        ("daemon's descriptors before, after", f"{descriptors_before}, {descriptors}", descriptors <= descriptors_before + 2),
        ("daemon's memory first, last third, MiB", f"{early:.1f}, {late:.1f}", late < early * 1.15 + 4),
        ("daemon's memory idle before, after, MiB", f"{memory_before:.1f}, {daemon.memory:.1f}", True),
        ("mounts of the machine", "as before" if mounts() == mounts_before else "changed", mounts() == mounts_before),
    ]
    daemon.process.send_signal(signal.SIGTERM)
    status = daemon.process.wait(timeout=60)
    time.sleep(2)
    orphans = [f"{pid} {name}" for pid, name in left if os.path.exists(f"/proc/{pid}")]
    files = [name for name in os.listdir(daemon.runtime) if name != "log"]
    groups += [path for path in daemon.groups() if path not in groups]
    rows += [
        ("status of the daemon at its end", status, status == 0),
        ("processes after its end", len(orphans), not orphans),
        ("control groups after its end", len(groups), not groups),
        ("runtime files after its end", len(files), not files),
    ]
    for name, value, is_good in rows:
        print(f"{name:42} {value!s:>16}  {'' if is_good else 'WRONG'}")
    for text in (*counts.wrong[:10], *orphans[:10], *groups[:10], *files[:10]):
        print("  ", text)
    is_all_good = all(is_good for _, _, is_good in rows)
    if is_all_good:
        shutil.rmtree(daemon.runtime)
    else:
        print("the daemon's log:", daemon.log.name)
    sys.exit(0 if is_all_good else 1)


if __name__ == "__main__":
    main()
