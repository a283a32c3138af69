"""Asks a real engine for the product that this project began with, through the gateway.

real_engine.py BASE ENGINE: prints how long each took, the engine's own route of the same name besides; exits with 1 if the
answer, the call or its output is another.
"""

import sys
import time

import openai

BASE, ENGINE = sys.argv[1], sys.argv[2]
MODEL = "openai/gpt-oss-120b"
SEED = {"model": MODEL, "temperature": 0, "input": "Multiply 64548*15151 using the python tool."}
TOOLS = [{"type": "mcp", "server_label": "code_interpreter", "server_url": "IGNORED"}]


def ask(base, **more):
    """The items, the text, and the seconds to the first token and to the end."""
    client = openai.OpenAI(base_url=f"{base}/v1", api_key="none", max_retries=0)
    start, first, final = time.monotonic(), None, None
    for event in client.responses.create(stream=True, **SEED, **more):
        if first is None and event.type.endswith(".delta"):
            first = time.monotonic() - start
        if event.type in ("response.completed", "response.failed", "response.incomplete"):
            final = event.response
    return final, first or 0.0, time.monotonic() - start


for attempt in ("first", "again"):
    response, first, whole = ask(BASE, tools=TOOLS)
    kinds = [item.type for item in response.output]
    call = next((item for item in response.output if item.type == "mcp_call"), None)
    if call is None or call.output.strip() != "977966748" or "977966748" not in response.output_text:
        sys.exit(f"{response.status} {kinds} {response.error}")
    print(f"gateway, {attempt}: first token after {first * 1000:.0f} ms, the answer after {whole * 1000:.0f} ms")
response, first, whole = ask(ENGINE)
print(f"the engine's own route, without a tool: first token after {first * 1000:.0f} ms, the end after {whole * 1000:.0f} ms")
