# PID 1 hears nothing from inside, by number, group or handle.
import os, signal
for number in range(1, 65):
    for send in (lambda: os.kill(1, number), lambda: signal.pidfd_send_signal(os.pidfd_open(1), number)):
        try:
            send()
            print("HOLE", number)
        except OSError as error:
            assert error.errno in (1, 3), error
print("closed")
