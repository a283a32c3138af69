# What terminals would obey comes as it was written, and nothing else with it.
# ends: completed
# has: a\x00b\x1b\]0;title\x07c
print("a\0b\x1b]0;title\x07c\x1b[3J\x9b2J")
