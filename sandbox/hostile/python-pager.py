# Help does not wait for a person to turn its pages.
# ends: completed
# has: Return the absolute value
# has: ^closed$
help(abs)
print("closed")
