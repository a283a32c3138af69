# Text that UTF-8 cannot hold: shown as Python would write it, and printed with a sign in its place or an error.
# ends: completed, raised
# has: udc00|UnicodeEncodeError
print(ascii("\udc00"))
print("\ud800\udc00 \udfff")
