"""Serves a package each for pip, apt and npm, and a repository of git, on a free port of 127.0.0.1, and prints the port."""

import hashlib
import io
import json
import pathlib
import shutil
import subprocess
import tarfile

import package_index

CONTROL = """Package: lighthouse
Version: 1.0
Architecture: all
Maintainer: A <a@example.com>
Description: A light.
"""


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_debian(folder, port):
    if not shutil.which("dpkg-deb"):
        return
    archive = pathlib.Path(folder) / "debian"
    tree = archive / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN" / "control").write_text(CONTROL)
    (tree / "usr" / "share" / "lighthouse").mkdir(parents=True)
    (tree / "usr" / "share" / "lighthouse" / "answer").write_text("shining\n")
    package = archive / "lighthouse.deb"
    run("dpkg-deb", "-b", "--root-owner-group", tree, package)
    content = package.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    about = f"{CONTROL}Filename: ./lighthouse.deb\nSize: {len(content)}\nSHA256: {digest}\n"
    (archive / "Packages").write_text(about)


def make_git(folder, port):
    if not shutil.which("git"):
        return
    work, bare = f"{folder}/work", f"{folder}/origin.git"
    run("git", "init", "-q", work)
    pathlib.Path(work, "file").write_text("cloned\n")
    run("git", "-C", work, "add", "file")
    run("git", "-C", work, "-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-qm", "One")
    run("git", "clone", "-q", "--bare", work, bare)
    run("git", "-C", bare, "update-server-info")


def make_npm(folder, port):
    index = pathlib.Path(folder) / "npm"
    index.mkdir()
    about = {"name": "lighthouse", "version": "1.0.0", "main": "index.js"}
    name = "lighthouse-1.0.0.tgz"
    with tarfile.open(index / name, "w:gz") as archive:
        for path, text in (("package.json", json.dumps(about)), ("index.js", "module.exports = 42\n")):
            entry = tarfile.TarInfo(f"package/{path}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    digest = hashlib.sha1((index / name).read_bytes()).hexdigest()
    version = about | {"dist": {"tarball": f"http://127.0.0.1:{port}/npm/{name}", "shasum": digest}}
    document = {"name": "lighthouse", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
    (index / "lighthouse").write_text(json.dumps(document))


if __name__ == "__main__":
    package_index.serve(package_index.make, make_debian, make_git, make_npm)
