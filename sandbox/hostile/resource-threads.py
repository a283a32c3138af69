# Threads run out for the session alone.
# ends: raised
# has: can't start new thread
import threading
while True:
    threading.Thread(target=threading.Event().wait, daemon=True).start()
