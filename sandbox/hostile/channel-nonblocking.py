# A channel made non-blocking, packet-wise and small is still one.
# has: ^closed$
# ends: completed, brokeProtocol
import fcntl, os
fcntl.fcntl(901, fcntl.F_SETFL, fcntl.fcntl(901, fcntl.F_GETFL) | os.O_DIRECT | os.O_NONBLOCK)
fcntl.fcntl(901, 1031, 4096)
print("closed")
