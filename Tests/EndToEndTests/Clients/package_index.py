"""Serves an index of one small package on a free port of 127.0.0.1, and prints the port. Ends with its standard output."""

import functools
import http.server
import pathlib
import tempfile
import zipfile

NAME = "lighthouse_package-1.0-py3-none-any.whl"


def make(folder, port):
    index = pathlib.Path(folder) / "simple"
    page = index / "lighthouse-package"
    page.mkdir(parents=True)
    (index / "index.html").write_text('<a href="lighthouse-package/">lighthouse-package</a>')
    (page / "index.html").write_text(f'<a href="{NAME}">{NAME}</a>')
    about = "lighthouse_package-1.0.dist-info"
    with zipfile.ZipFile(page / NAME, "w") as wheel:
        wheel.writestr("lighthouse_package.py", "answer = 977966748\n")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: lighthouse-package\nVersion: 1.0\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", f"lighthouse_package.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def serve(*makers):
    with tempfile.TemporaryDirectory() as folder:
        handler = functools.partial(Quiet, directory=folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            for make_files in makers:
                make_files(folder, server.server_port)
            print(server.server_port, flush=True)
            server.serve_forever()


if __name__ == "__main__":
    serve(make)
