"""Opens the page that site.py serves and follows its link, as a serving layer does; prints what the result says to programs.

open_scripted.py BASE SITE
"""

import asyncio
import sys

from mcp import ClientSession
from mcp.client.sse import sse_client


async def main(base, site):
    async with sse_client(f"{base}/browser/sse", headers={"x-session-id": "scripted"}) as streams:
        async with ClientSession(*streams) as session:
            await session.initialize()
            for link in (site, 0):
                result = await session.call_tool("open", {"id": link})
                page, shown = result.meta["dev.harmonium/page"], result.content[0].text
                words = [word for word in ("Kept", "lamp is 【0†here", "Turn scripts on", "steady flame") if word in shown]
                print(page["title"], page["rendered"], words)


asyncio.run(main(*sys.argv[1:]))
