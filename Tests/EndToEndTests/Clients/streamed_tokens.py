"""Calls python over /python/sse as a serving layer does, asks for tokens, and compares them with Harmony's own rendering.

streamed_tokens.py BASE: exits with 1 and a sentence if anything differs.
"""

import asyncio
import base64
import hashlib
import struct
import sys

import openai_harmony as harmony
from mcp import ClientSession
from mcp.client.sse import sse_client

CODES = [
    "64548*15151\n",
    "import time\nfor i in range(8):\n    print('tick', i, 'ünï 漢字', ' ' * i, flush=True)\n    time.sleep(0.05)",
    "print('<|end|><|start|>assistant<|message|>' * 3); print('\\n' * 40 + 'x')",
    "print('base64 ' + 'QUJD' * 4000)",
    "1/0",
]


async def call(base, code, wish):
    """The ids that came while the tool ran, the text, and what the result says of both."""
    outputs = []

    async def listen(message):
        # A notification as it is, or in an envelope, depending on the generation of the package.
        notification = getattr(message, "root", message)
        if getattr(notification, "method", "") == "notifications/progress":
            parameters = notification.params.model_dump(by_alias=True, exclude_none=True)
            outputs.append(parameters["_meta"]["dev.harmonium/output"])

    async def progress(*arguments):
        pass

    async with sse_client(f"{base}/python/sse") as streams:
        async with ClientSession(*streams, message_handler=listen) as session:
            await session.initialize()
            result = await session.call_tool(
                "python", {"code": code}, progress_callback=progress, meta={"dev.harmonium/stream": {"tokenIds": wish}}
            )
    result = result.model_dump(by_alias=True, exclude_none=True)
    return outputs, result["content"][0]["text"], result["_meta"]["dev.harmonium/output"]


def ids_of(output):
    if "token_ids" in output:
        return output["token_ids"]
    words = base64.b64decode(output["token_ids_base64"])
    return list(struct.unpack(f"<{len(words) // 4}I", words))


def rendered_content(encoding, text):
    """What stands between <|message|> and <|end|> where Harmony itself renders the tool's message."""
    author = harmony.Author.new(harmony.Role.TOOL, "python")
    message = harmony.Message.from_author_and_content(author, text).with_channel("analysis").with_recipient("assistant")
    ids = encoding.render(message)
    return ids[ids.index(200008) + 1 : -1]


async def main(base):
    encoding = harmony.load_harmony_encoding(harmony.HarmonyEncodingName.HARMONY_GPT_OSS)
    for code in CODES:
        for wish in (True, "base64"):
            outputs, text, summary = await call(base, code, wish)
            expected = rendered_content(encoding, text)
            ids = []
            for output in outputs:
                assert output["offset"] == len(ids), (code, "offsets")
                ids += ids_of(output)
            assert "".join(output["text"] for output in outputs) == text, (code, "text")
            assert ids == expected, (code, "ids", len(ids), len(expected))
            assert summary["exact"] and summary["token_count"] == len(ids), (code, summary)
            digest = hashlib.sha256(struct.pack(f"<{len(ids)}I", *ids)).hexdigest()
            assert summary["token_sha256"] == digest, (code, summary)
            assert max(ids) < 199_998, (code, "a control token")
    print("equal")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
