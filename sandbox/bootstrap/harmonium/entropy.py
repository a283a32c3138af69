"""Takes apart the random numbers of sessions, which all begin as copies of one process.

Not everything can be: the hash seed of strings, addresses and so `id()` are the same in all copies.
"""

import sys
import tempfile
from os import getpid, urandom

# OpenSSL seeds itself anew when it is asked for numbers in a process of another id than before. Source: "RAND" of the
# OpenSSL manual, section "FORK SAFETY"; `openssl_get_fork_id` in its source. In its own namespace a session could have
# the id of the process it was forked from.
_ORIGIN = getpid()


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
    if getpid() == _ORIGIN and (ssl := sys.modules.get("ssl")):
        ssl.RAND_add(urandom(32), 32.0)
