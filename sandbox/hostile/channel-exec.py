# Another program in the interpreter's place says nothing, and is ended.
# ends: brokeProtocol
import os
os.execv("/bin/sleep", ["/bin/sleep", "60"])
