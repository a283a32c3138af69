# A cell that is no program.
# ends: raised
# has: SyntaxError
for number in [1, 2
