# A program with the set-user bit gains nothing.
import os, shutil, subprocess
shutil.copy("/usr/bin/id", "/tmp/id")
os.chmod("/tmp/id", 0o6755)
for program in ("/tmp/id", "/usr/bin/id"):
    said = subprocess.check_output([program, "-u"]).strip()
    if said != b"1000":
        print("HOLE", program, said)
said = subprocess.run(["su", "-c", "id"], capture_output=True, stdin=subprocess.DEVNULL)
if b"uid=0" in said.stdout:
    print("HOLE: su")
print("closed")
