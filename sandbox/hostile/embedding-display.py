# A value that cannot say what it is.
# ends: raised
# has: LookupError: no name
class Nameless:
    def __repr__(self): raise LookupError("no name")
Nameless()
