# An error in a thread is shown, and ends the thread alone.
# ends: completed
# has: KeyError: 'lost'
# has: ^closed$
import threading
thread = threading.Thread(target={}.__getitem__, args=("lost",))
thread.start(), thread.join()
print("closed")
