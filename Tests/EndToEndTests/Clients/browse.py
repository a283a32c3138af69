"""Searches, opens, follows a link and finds, over /browser/sse as a serving layer does.

browse.py BASE: exits with 1 and a sentence if anything is not as a model would need it.
"""

import asyncio
import re
import sys

from mcp import ClientSession
from mcp.client.sse import sse_client


async def main(base):
    headers = {"x-session-id": "browse-test"}

    async def call(tool, **arguments):
        # Each call on a connection of its own: the pages are the session's.
        async with sse_client(f"{base}/browser/sse", headers=headers) as streams:
            async with ClientSession(*streams) as session:
                await session.initialize()
                result = await session.call_tool(tool, arguments)
                return result.content[0].text

    # The index is made in the background.
    for _ in range(200):
        found = await call("search", query="quixotic lighthouse")
        if "Lighthouse keeping" in found:
            break
        await asyncio.sleep(0.1)
    link = re.search(r"【(\d+)†Lighthouse keeping†corpus】", found)
    assert link, found
    opened = await call("open", id=int(link[1]))
    assert "Lighthouse keeping (local://corpus/guide/light.html)" in opened.splitlines()[0], opened
    follow = re.search(r"【(\d+)†the lamp】", opened)
    assert follow, opened
    lamp = await call("open", id=int(follow[1]))
    assert "(local://corpus/guide/lamp.html)" in lamp.splitlines()[0], lamp
    hit = await call("find", pattern="paraffin")
    assert "match at L" in hit and "Paraffin burns" in hit, hit
    refused = await call("open", id="http://169.254.169.254/latest/meta-data")
    assert refused.startswith("Error fetching URL"), refused
    print("found")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
