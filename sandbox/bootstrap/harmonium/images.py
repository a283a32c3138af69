"""The images that a cell shows: files for the session, bytes for the caller."""

import base64
import binascii
import os

SHOWN_MAX = 8
BYTES_MAX = 4 << 20
EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg"}


class Images:
    """Saves each image under a name of its own, and hands the first few of each cell to the caller."""

    def __init__(self):
        self.directory = None
        self._shown = []
        self._numbers = {}

    def add(self, kind: str, mime: str, data: bytes | str) -> str | None:
        """Takes an image in, as bytes or Base64; returns the line that tells of it, or None if it is not an image."""
        data = _decoded(data)
        if not data:
            return None
        number, note = self._save(kind, EXTENSIONS[mime], data)
        return f"[{kind} {number} {note}{self._show(mime, data)}]"

    def take(self) -> list[tuple[str, bytes]]:
        """Returns what was shown since the last call."""
        shown, self._shown = self._shown, []
        return shown

    def forget(self) -> None:
        """Begins again: no image was ever shown."""
        self._shown = []
        self._numbers = {}

    def _show(self, mime: str, data: bytes) -> str:
        if len(data) > BYTES_MAX:
            return f", not shown: it has more than {BYTES_MAX >> 20} MiB"
        if len(self._shown) >= SHOWN_MAX:
            return f", not shown: only {SHOWN_MAX} images are in one cell"
        self._shown.append((mime, data))
        return ""

    def _save(self, kind: str, extension: str, data: bytes) -> tuple[int, str]:
        while True:
            number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
            path = f"{self.directory}/{kind}-{number}.{extension}"
            try:
                # Exclusive: a file that the cell saved under this name is its own.
                with open(path, "xb") as file:
                    file.write(data)
                return number, f"saved to {path}"
            except FileExistsError:
                continue
            except OSError as error:
                _remove(path)
                return number, f"could not be saved to {path}: {error.strerror}"


def _decoded(data) -> bytes | None:
    if isinstance(data, str):
        try:
            return base64.b64decode(data)
        except (binascii.Error, ValueError):
            return None
    return bytes(data) if isinstance(data, (bytes, bytearray, memoryview)) else None


def _remove(path: str) -> None:
    try:
        os.unlink(path)  # Half an image is worse than none.
    except OSError:
        pass
