# What would compile and show cells is replaced by what would not.
# ends: raised, completed
import ast, builtins, sys
ast.parse = compile
for name in ("compile", "exec", "eval", "repr", "isinstance", "len"):
    setattr(builtins, name, lambda *_, **__: "1/0")
sys.displayhook = sys.excepthook = None
