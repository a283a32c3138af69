# The allowed twins: files of the session's own, made, linked, renamed, packed and mapped.
import ctypes, mmap, os, tempfile, zipfile, sqlite3
with tempfile.TemporaryDirectory() as directory:
    path = directory + "/a"
    open(path, "w").write("x" * 10000)
    os.link(path, path + "2"), os.symlink(path, path + "3"), os.rename(path + "2", path + "4"), os.chmod(path, 0o755)
    with zipfile.ZipFile(directory + "/z.zip", "w", zipfile.ZIP_DEFLATED) as pack:
        pack.write(path, "a")
    assert zipfile.ZipFile(directory + "/z.zip").read("a") == b"x" * 10000
    with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as memory:
        memory[0:1] = b"y"
file = os.open("/tmp", os.O_TMPFILE | os.O_RDWR)
# Python's own os.link would not follow the link.
assert ctypes.CDLL(None).linkat(-100, f"/proc/self/fd/{file}".encode(), -100, b"/tmp/named", 0x400) == 0
database = sqlite3.connect("/mnt/data/x.db")
database.execute("create table t(a)"), database.execute("insert into t values (1)"), database.commit()
assert database.execute("select a from t").fetchone() == (1,)
open("/dev/null", "w").write("x")
assert len(open("/dev/urandom", "rb").read(8)) == 8
print("closed")
