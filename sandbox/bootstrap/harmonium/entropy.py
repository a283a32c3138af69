"""Takes apart the random numbers of sessions, which all begin as copies of one process.

Not everything can be: the hash seed of strings, addresses and so `id()` are the same in all copies.
"""

import sys
import tempfile
from os import getpid, urandom

# Of the process that sessions are forked from.
_ORIGIN = getpid()


def reseed() -> None:
    """Seeds every generator that copies would share; `random` sees to that itself."""
    # These seed themselves again at their first use.
    tempfile._name_sequence = None
    tempfile.tempdir = None
    if numpy_random := sys.modules.get("numpy.random"):
        # The whole state, for `seed` would touch twice as many pages on its way to one.
        numpy_random.set_state(("MT19937", memoryview(urandom(4 * 624)).cast("I"), 624, 0, 0.0))
    if sympy_random := sys.modules.get("sympy.core.random"):
        sympy_random.seed(int.from_bytes(urandom(16), "little"))
    if uuid := sys.modules.get("uuid"):
        uuid._node = uuid._last_timestamp = None
    reseed_openssl()


def reseed_openssl() -> None:
    """Seeds OpenSSL where it would not do so itself: it does in a process of another id than it was used in before.

    In the namespace of a session, it or a child of it can have the id of the process that all were forked from.
    Source: `openssl_get_fork_id` in OpenSSL's crypto/threads_pthread.c.
    """
    if getpid() == _ORIGIN and (ssl := sys.modules.get("ssl")):
        ssl.RAND_add(urandom(32), 32.0)
