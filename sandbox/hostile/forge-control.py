# The allowed twins: streams, hooks and built-in functions replaced as programs do, and put back.
import builtins, contextlib, io, sys
with contextlib.redirect_stdout(io.StringIO()) as said:
    print("aside")
assert said.getvalue() == "aside\n"
kept, sys.displayhook = sys.displayhook, print
sys.displayhook = kept
shown, builtins.print = print, lambda *words: shown(*words)
print("closed")
builtins.print = shown
