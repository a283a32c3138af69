"""Uses both namespaces as an application does, with what either generation of the SDK does on its own; prints what came
of two calls, of a name in the URL, and the names of all tools.

keeps_state.py BASE
"""

import asyncio
import contextlib
import sys

import mcp


@contextlib.asynccontextmanager
async def connected(url):
    if hasattr(mcp, "Client"):
        async with mcp.Client(url) as client:
            yield client
        return
    from mcp.client.streamable_http import streamablehttp_client

    async with streamablehttp_client(url) as (reading, writing, _):
        async with mcp.ClientSession(reading, writing) as session:
            await session.initialize()
            yield session


async def run(client, code):
    return (await client.call_tool("python", {"code": code})).content[0].text


async def main(base):
    async with connected(f"{base}/python/mcp") as client:
        await run(client, "x = 41")
        kept = await run(client, "x + 1")
        tools = (await client.list_tools()).tools
    for code in ("y = 41", "y + 1"):
        async with connected(f"{base}/python/mcp?session=named") as client:
            named = await run(client, code)
    async with connected(f"{base}/browser/mcp") as client:
        tools += (await client.list_tools()).tools
    print(kept, named, *(tool.name for tool in tools))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
