# The allowed twins: Python's own ways to look into a program.
import cProfile, faulthandler, io, pstats, sys, traceback, tracemalloc
tracemalloc.start()
profile = cProfile.Profile()
profile.runcall(sorted, [3, 1, 2])
pstats.Stats(profile, stream=io.StringIO()).print_stats()
lines = []
sys.settrace(lambda *event: lines.append(event[1]))
(lambda: 1)()
sys.settrace(None)
assert "call" in lines and tracemalloc.get_traced_memory()[1] > 0
print("closed")
