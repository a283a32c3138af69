# Each interrupt is caught, and the loop goes on.
# ends: timeLimit
# limit: 800
def turn():
    try:
        while True: pass
    finally:
        turn()
while True:
    try: turn()
    except BaseException: pass
