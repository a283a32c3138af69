"""Takes apart the random numbers of sessions, which all begin as copies of one process.

Not everything can be: the hash seed of strings, addresses and so `id()` are the same in all copies.
"""

import sys
import tempfile
from os import urandom


def reseed() -> None:
    """Seeds every generator that copies would share; `random` sees to that itself."""
    # These begin anew when they are asked for the first time.
    tempfile._name_sequence = None
    tempfile.tempdir = None
    if numpy_random := sys.modules.get("numpy.random"):
        # The whole state, for `seed` would touch twice as many pages on its way to one.
        numpy_random.set_state(("MT19937", memoryview(urandom(4 * 624)).cast("I"), 624, 0, 0.0))
    if sympy_random := sys.modules.get("sympy.core.random"):
        sympy_random.seed(int.from_bytes(urandom(16), "little"))
    if uuid := sys.modules.get("uuid"):
        uuid._node = uuid._last_timestamp = None
    if ssl := sys.modules.get("ssl"):
        # OpenSSL seeds itself anew in a process with another id, which a child of the session may not have.
        ssl.RAND_add(urandom(32), 32.0)
