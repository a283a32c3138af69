"""Measures other ways to run Python for a model, as SandboxBench measures ours: the same cells, one JSON object a line.

usage: peers.py [RUNS]    with the packages that `scripts/setup --bench` installs
"""

import json
import statistics
import subprocess
import sys
import time

from jupyter_client.manager import KernelManager

CELL = "64548*15151"
ANSWER = "977966748"
# What is measured: its name, the cell, and the fewest characters that it must answer with.
WARM = {
    "warm call": (CELL, len(ANSWER)),
    "10 000 printed lines": ("for i in range(10_000): print(i)", 48_890),
    "2 MB of output": ("print('x' * 2_000_000)", 2_000_001),
}
SECONDS_MAX = 60
# What kernels share is divided among them, so one alone would look dear; each takes a second to start.
IDLE_KERNELS = 8


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    kernels(runs)
    processes(runs)


def kernels(runs: int) -> None:
    """Jupyter's own kernel, through its own client."""
    # A start takes most of a second: a tenth of the runs.
    report("ipykernel", "cold start to first result", [cold_kernel() for _ in range(max(3, runs // 10))])
    kernel = Kernel()
    for what, (cell, characters) in WARM.items():
        kernel.run(CELL)
        report("ipykernel", what, [timed(lambda: kernel.run(cell), characters) for _ in range(runs)])
    kernel.close()
    idle = [Kernel() for _ in range(IDLE_KERNELS)]
    for kernel in idle:
        kernel.run(CELL)
    report("ipykernel", "memory of an idle session", [kernel.proportional_mebibytes() for kernel in idle], unit="MiB")
    for kernel in idle:
        kernel.close()


def processes(runs: int) -> None:
    """A new interpreter for every call: nothing is isolated, and nothing is kept."""
    for what, (cell, characters) in WARM.items():
        code = f"print({cell})" if cell == CELL else cell
        values = [timed(lambda: process(code), characters) for _ in range(runs)]
        report("python3 -c", what, values)
        if what == "warm call":
            report("python3 -c", "cold start to first result", values)


def process(code: str) -> str:
    done = subprocess.run(["/usr/bin/python3", "-c", code], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


class Kernel:
    """A started kernel, ready for cells."""

    def __init__(self) -> None:
        self.manager = KernelManager()
        self.manager.start_kernel()
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=SECONDS_MAX)

    def run(self, cell: str) -> str:
        """What the cell printed, and its last expression."""
        shown: list[str] = []

        def collect(message: dict) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                shown.append(content["text"])
            elif message["msg_type"] == "execute_result":
                shown.append(content["data"]["text/plain"])

        self.client.execute_interactive(cell, timeout=SECONDS_MAX, output_hook=collect)
        return "".join(shown)

    def proportional_mebibytes(self) -> float:
        """The kernel's share of memory, what it shares with others divided among them."""
        with open(f"/proc/{self.manager.provisioner.pid}/smaps_rollup", encoding="ascii") as rollup:
            for line in rollup:
                if line.startswith("Pss:"):
                    return int(line.split()[1]) / 1024
        raise LookupError("smaps_rollup has no Pss")

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def cold_kernel() -> float:
    """Milliseconds from nothing to the first result."""
    start = time.perf_counter()
    kernel = Kernel()
    shown = kernel.run(CELL)
    milliseconds = (time.perf_counter() - start) * 1000
    kernel.close()
    assert shown == ANSWER, shown
    return milliseconds


def timed(run, characters: int) -> float:
    """Milliseconds that a call takes; one that answers too little is no measurement."""
    start = time.perf_counter()
    shown = run()
    milliseconds = (time.perf_counter() - start) * 1000
    assert len(shown) >= characters, f"{len(shown)} characters, not {characters}"
    return milliseconds


def report(who: str, what: str, values: list[float], unit: str = "ms") -> None:
    p99 = sorted(values)[min(len(values) - 1, len(values) * 99 // 100)]
    line = {"who": who, "what": what, "unit": unit, "median": statistics.median(values), "p99": p99, "runs": len(values)}
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
