# What is displayed never finishes to say what it is.
# ends: timeLimit
# limit: 700
class Slow:
    def __repr__(self):
        while True: pass
Slow()
