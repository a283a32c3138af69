"""What the recorders share: the place of the vocabulary, random numbers with a seed, and JSON files."""

import hashlib
import json
import os
import pathlib
import random
import shutil

VOCABULARY_URL = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"


def use_vocabulary(folder: pathlib.Path) -> None:
    """Makes the peers read `folder`/o200k_base.tiktoken where they would ask the network."""
    text = folder / "o200k_base.tiktoken"
    cache = folder / "tiktoken"
    cache.mkdir(exist_ok=True)
    shutil.copy(text, cache / hashlib.sha1(VOCABULARY_URL.encode()).hexdigest())
    os.environ["TIKTOKEN_CACHE_DIR"] = str(cache)
    os.environ["TIKTOKEN_ENCODINGS_BASE"] = str(folder)


def seeded(name: str) -> random.Random:
    """Random numbers that are the same in each recording."""
    return random.Random(f"harmonium {name}")


def write(path: pathlib.Path, value: object) -> None:
    """Writes `value` as JSON, whatever characters it has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=True, indent=1) + "\n")
