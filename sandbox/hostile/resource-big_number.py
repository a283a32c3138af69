# One operation of the interpreter's that takes longer than the cell may: nothing in it hears an interrupt.
# ends: timeLimit, raised, outOfMemory
# limit: 1000
number = 7 ** (7 ** 9)
