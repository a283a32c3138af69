# More memory at once than any machine has.
# ends: raised
# has: MemoryError
block = bytes(1 << 42)
