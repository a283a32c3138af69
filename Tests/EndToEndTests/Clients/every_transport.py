"""Uses the python and container namespaces over every transport that the installed generation of the SDK has, as
applications do; prints a line for each transport: `ok`, or the first thing that is otherwise.

every_transport.py BASE
"""

import asyncio
import contextlib
import sys
import uuid

import anyio
import mcp
from mcp.client.sse import sse_client


@contextlib.asynccontextmanager
async def over_events(url):
    async with sse_client(url.replace("/mcp?", "/sse?")) as streams, mcp.ClientSession(*streams) as session:
        await session.initialize()
        yield session


@contextlib.asynccontextmanager
async def over_http(url):
    from mcp.client.streamable_http import streamablehttp_client

    async with streamablehttp_client(url) as (reading, writing, _), mcp.ClientSession(reading, writing) as session:
        await session.initialize()
        yield session


def client(mode):
    @contextlib.asynccontextmanager
    async def connected(url):
        async with mcp.Client(url, mode=mode) as client:
            yield client

    return connected


if hasattr(mcp, "Client"):
    TRANSPORTS = {"sse": over_events, "legacy": client("legacy"), "auto": client("auto")}
else:
    TRANSPORTS = {"sse": over_events, "http": over_http}


def plain(model):
    return model.model_dump(by_alias=True, exclude_none=True, mode="json")


async def call(session, tool, **arguments):
    result = plain(await session.call_tool(tool, arguments))
    return result["content"][0]["text"], result.get("isError", False)


async def check_python(session):
    tools = plain(await session.list_tools())["tools"]
    assert [tool["name"] for tool in tools][:1] == ["python"], tools
    assert tools[0]["inputSchema"]["properties"]["code"], tools
    assert await call(session, "python", code="x = 20; x + 1") == ("21", False)
    text, _ = await call(session, "python", code="1/0")
    assert "ZeroDivisionError" in text, text
    text, is_error = await call(session, "no_such_tool")
    assert is_error and "`python`" in text, text

    seen = []

    async def progress(value, total, message):
        seen.append((value, message))

    code = "import time\nfor i in range(4): print('tick', i, flush=True); time.sleep(0.15)"
    result = plain(await session.call_tool("python", {"code": code}, progress_callback=progress))
    assert result["content"][0]["text"].splitlines()[-1] == "tick 3", result
    assert len(seen) > 1 and seen == sorted(seen), seen

    # A call that its caller gives up leaves the session usable, with its state. SDK 1 does not tell the server: the cell ends.
    with anyio.move_on_after(0.5):
        await session.call_tool("python", {"code": "import time; time.sleep(4)"})
    with anyio.fail_after(20):
        assert await call(session, "python", code="x + 2") == ("22", False)

    await call(session, "python", code="open('/mnt/data/a b.txt', 'w').write('words')")
    uris = [resource["uri"] for resource in plain(await session.list_resources())["resources"]]
    assert uris == ["file:///mnt/data/a%20b.txt"], uris
    contents = plain(await session.read_resource(uris[0]))["contents"]
    assert contents[0]["text"] == "words", contents
    both = await asyncio.gather(*(call(session, "python", code=f"{n} * 7") for n in (5, 6)))
    assert both == [("35", False), ("42", False)], both


async def check_container(session):
    names = [tool["name"] for tool in plain(await session.list_tools())["tools"]]
    assert "exec" in names and "feed_chars" in names, names
    text, is_error = await call(session, "exec", cmd=["bash", "-c", "cat '/mnt/data/a b.txt'; exit 3"])
    assert text.startswith("words") and not is_error, text


async def check(base, connected):
    name = uuid.uuid4().hex
    async with connected(f"{base}/python/mcp?session={name}") as session:
        await check_python(session)
        # The files of a name are its container's too, while its interpreter lives.
        async with connected(f"{base}/container/mcp?session={name}") as machine:
            await check_container(machine)
    async with connected(f"{base}/python/mcp?session={name}") as session:
        assert await call(session, "python", code="x") == ("20", False)


async def main(base):
    for name, connected in TRANSPORTS.items():
        await check(base, connected)
        print(name, "ok")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
