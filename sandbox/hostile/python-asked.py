# Questions that no person will answer.
# ends: raised
# has: EOFError
word = input("Password: ")
