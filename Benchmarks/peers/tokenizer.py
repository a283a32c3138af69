"""Measures tiktoken as TokenizerBench measures ours: the same texts on one thread, one JSON object a line.

usage: tokenizer.py VOCABULARY-TEXT CORPUS RUNS    with the packages that `scripts/setup --bench` installs
"""

import base64
import hashlib
import json
import os
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

ADDRESS = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
RUN_BYTES = 1_000_000


def main() -> None:
    vocabulary, runs = sys.argv[1], int(sys.argv[3])
    # Not as text, of which Python would change the line ends.
    corpus = pathlib.Path(sys.argv[2]).read_bytes().decode()
    encoding = load(vocabulary, runs)
    ids = encoding.encode_ordinary(corpus)
    report("tokens of mixed text", [len(ids)], unit="tokens")
    report("encode mixed text", [timed(lambda: encoding.encode_ordinary(corpus)) for _ in range(runs)])
    report("decode mixed text", [timed(lambda: encoding.decode_bytes(ids)) for _ in range(runs)])
    for name, text in texts():
        try:
            report(f"encode 1 MB of {name}", [timed(lambda: encoding.encode_ordinary(text)) for _ in range(runs)])
        except BaseException as error:  # A panic of its native code is no Exception.
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            print(f"tiktoken: 1 MB of {name}: {type(error).__name__}: {error}", file=sys.stderr)


def load(vocabulary: str, runs: int):
    """The library's own definition, with the text where it would keep what it has fetched."""
    with tempfile.TemporaryDirectory() as cache:
        shutil.copy(vocabulary, pathlib.Path(cache) / hashlib.sha1(ADDRESS.encode()).hexdigest())
        os.environ["TIKTOKEN_CACHE_DIR"] = cache
        import tiktoken
        import tiktoken.registry

        values = []
        for _ in range(min(runs, 5)):
            tiktoken.registry.ENCODINGS.clear()
            values.append(timed(lambda: tiktoken.get_encoding("o200k_base")))
        report("open the vocabulary", values)
        return tiktoken.get_encoding("o200k_base")


def texts() -> list[tuple[str, str]]:
    runs = [("a", "a"), ("spaces", " "), ("newlines", "\n"), ("-", "-"), ("漢", "漢")]
    found = [(name, part * (RUN_BYTES // len(part.encode()))) for name, part in runs]
    return found + [("base64", base64_text())]


def base64_text() -> str:
    """The same as TokenizerBench's."""
    state, data = 1, bytearray()
    for _ in range(RUN_BYTES * 3 // 4):
        state = (state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
        data.append(state >> 56)
    return base64.b64encode(data).decode()


def timed(run) -> float:
    """Milliseconds that a call takes."""
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def report(what: str, values: list[float], unit: str = "ms") -> None:
    p99 = sorted(values)[min(len(values) - 1, len(values) * 99 // 100)]
    line = {"who": "tiktoken", "what": what, "unit": unit, "median": statistics.median(values), "p99": p99}
    print(json.dumps(line | {"runs": len(values)}), flush=True)


if __name__ == "__main__":
    main()
