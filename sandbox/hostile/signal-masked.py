# All signals blocked, in each thread: the end is one that cannot be.
# ends: timeLimit
# limit: 800
import signal, threading
signal.pthread_sigmask(signal.SIG_SETMASK, range(1, 65))
threading.Thread(target=threading.Event().wait).start()
while True:
    signal.sigwaitinfo([signal.SIGUSR2])
