"""Measures other ways to run commands in a container, as ContainerBench measures ours: one JSON object a line.

A peer that does not start on this machine is left out, and standard error says why. Those with a root of their own get
BusyBox alone, whose `true` starts sooner than that of a whole system.

usage: container.py [RUNS]    as root, with the packages that `scripts/setup --bench` installs
"""

import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

BUBBLEWRAP = [
    "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/usr", "/usr",
    "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
    "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/root",
]  # fmt: skip
# Limits that a machine without CAP_SYS_RESOURCE allows too.
PODMAN = ["--network", "none", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "--rootfs"]
START, START_COLD, COMMAND = "start and `true`", "start and `true`, no pool", "`true` in a session"


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    # All of them start a container for each first command; each start takes tens of milliseconds.
    few = max(5, runs // 5)
    with tempfile.TemporaryDirectory() as folder:
        root = busybox(pathlib.Path(folder) / "root")
        peers = {
            "bubblewrap": lambda: starts("bubblewrap", [*BUBBLEWRAP, "true"], runs),
            "crun": lambda: oci("crun", root, pathlib.Path(folder) / "crun", runs, few),
            "runc": lambda: oci("runc", root, pathlib.Path(folder) / "runc", runs, few),
            "podman": lambda: podman(root, runs, few),
        }
        for name, measure in peers.items():
            try:
                measure()
            except (OSError, subprocess.CalledProcessError) as error:
                said = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip()
                print(f"{name} does not start here: {said or error}", file=sys.stderr)


def busybox(root: pathlib.Path) -> pathlib.Path:
    """A root with BusyBox alone."""
    (root / "bin").mkdir(parents=True)
    for name in ["proc", "sys", "dev", "etc", "run", "tmp"]:
        (root / name).mkdir()
    (root / "bin/busybox").write_bytes(pathlib.Path("/bin/busybox").read_bytes())
    (root / "bin/busybox").chmod(0o755)
    for name in ["true", "sleep"]:
        (root / "bin" / name).symlink_to("busybox")
    return root


def oci(runtime: str, root: pathlib.Path, bundle: pathlib.Path, runs: int, few: int) -> None:
    """An OCI runtime by itself, with its own default configuration."""
    bundle.mkdir()
    run([runtime, "spec"], cwd=bundle)
    path = bundle / "config.json"
    configuration = json.loads(path.read_text(encoding="utf-8"))
    configuration["root"] = {"path": str(root), "readonly": True}
    configuration["process"].pop("rlimits", None)
    configuration["process"].update(terminal=False, args=["true"])
    path.write_text(json.dumps(configuration), encoding="utf-8")
    starts(runtime, [runtime, "run", "--bundle", str(bundle), "bench-true"], few)
    configuration["process"]["args"] = ["sleep", "3600"]
    path.write_text(json.dumps(configuration), encoding="utf-8")
    with in_background([runtime, "run", "--detach", "--bundle", str(bundle), "bench"], [runtime, "delete", "--force", "bench"]):
        commands(runtime, [runtime, "exec", "bench", "true"], runs)


def podman(root: pathlib.Path, runs: int, few: int) -> None:
    """Podman on the first runtime that starts here."""
    errors = []
    for runtime in ["crun", "runc"]:
        command = ["podman", "--runtime", runtime]
        try:
            run([*command, "run", "--rm", *PODMAN, str(root), "true"])
        except subprocess.CalledProcessError as error:
            errors.append(error)
            continue
        starts("podman", [*command, "run", "--rm", *PODMAN, str(root), "true"], few)
        name = f"bench-{os.getpid()}"
        start = [*command, "run", "--detach", "--name", name, *PODMAN, str(root), "sleep", "3600"]
        with in_background(start, [*command, "rm", "--force", "--time", "0", name]):
            commands("podman", [*command, "exec", name, "true"], max(few, runs // 2))
        return
    raise errors[-1]


@contextlib.contextmanager
def in_background(start: list[str], end: list[str]):
    """A container that runs meanwhile."""
    # What it leaves open would keep a pipe open for as long as it runs.
    subprocess.run(start, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        run(end)


def starts(who: str, command: list[str], runs: int) -> None:
    values = [timed(command) for _ in range(runs)]
    report(who, START, values)
    report(who, START_COLD, values)
    if who == "bubblewrap":
        # It keeps nothing: each command is a container of its own.
        report(who, COMMAND, values)


def commands(who: str, command: list[str], runs: int) -> None:
    report(who, COMMAND, [timed(command) for _ in range(runs)])


def timed(command: list[str]) -> float:
    """Milliseconds that a command takes."""
    start = time.perf_counter()
    run(command)
    return (time.perf_counter() - start) * 1000


def run(command: list[str], cwd: pathlib.Path | None = None) -> None:
    subprocess.run(command, check=True, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def report(who: str, what: str, values: list[float]) -> None:
    p99 = sorted(values)[min(len(values) - 1, len(values) * 99 // 100)]
    line = {"who": who, "what": what, "unit": "ms", "median": statistics.median(values), "p99": p99, "runs": len(values)}
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
