"""Runs cells with a top-level `await`."""

import asyncio


class Awaiter:
    """Runs a cell's coroutine to its end on a loop that outlives the cell, as the tasks it started do."""

    def __init__(self):
        # Made by the first cell that needs it: forked sessions must not share a loop's descriptors.
        self._loop = None
        self.is_interrupted = False

    def __call__(self, coroutine):
        self.is_interrupted = False
        if self._loop is None or self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
        task = self._loop.create_task(coroutine)
        try:
            return self._loop.run_until_complete(task)
        except KeyboardInterrupt:
            # It hit the loop and not the cell, which would otherwise go on within the next one.
            self.is_interrupted = True
            task.cancel()
            return self._loop.run_until_complete(task)
