"""Drives /v1/responses over a WebSocket with the official client, as a user would.

response_socket.py BASE: prints `right`; exits with 1 and a sentence if anything is not as a user needs it.
"""

import asyncio
import json
import sys
import urllib.request

import openai
import websockets

BASE = sys.argv[1]
SOCKET = BASE.replace("http", "ws", 1) + "/v1/responses"
OUTPUTS = {"include": ["code_interpreter_call.outputs"]}
PYTHON = [{"type": "code_interpreter", "container": {"type": "auto"}}]
WEATHER = [{
    "type": "function", "name": "get_weather", "description": "Tells the weather.", "strict": False,
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}]
client = openai.AsyncOpenAI(base_url=f"{BASE}/v1", api_key="none", max_retries=0)
LAST = {"response.completed", "response.failed", "response.incomplete", "error"}


def need(holds, sentence):
    if not holds:
        sys.exit(sentence)


async def events_of(connection):
    events = []
    while not events or events[-1].type not in LAST:
        events.append(await asyncio.wait_for(connection.recv(), 60))
    return events


async def ask(connection, **request):
    await connection.response.create(model="replay", **request)
    return await events_of(connection)


async def answer(connection, **request):
    events = await ask(connection, **request)
    need(events[-1].type == "response.completed", str(events[-1]))
    return events[-1].response


def printed(response):
    """What the code of a response printed."""
    calls = [item for item in response.output if item.type == "code_interpreter_call"]
    return "".join(output.logs for call in calls for output in call.outputs)


async def conversation():
    """Many turns on one socket, of which nothing is stored."""
    async with client.responses.connect() as connection:
        events = await ask(connection, input="Multiply 64548*15151.", tools=PYTHON, store=False, stream_id="one")
        first = events[-1].response
        need("977966748" in first.output_text, first.output_text)
        need([event.sequence_number for event in events] == list(range(len(events))), "events are missing")
        need(all(event.stream_id == "one" for event in events), "an event has another stream_id")
        second = await answer(
            connection, input="What is stored?", tools=PYTHON, store=False, previous_response_id=first.id, **OUTPUTS)
        need(printed(second) == "42", f"the session lost its state: {printed(second)}")
        # The one before the latest is gone, and was never stored.
        gone = (await ask(connection, input="What is stored?", previous_response_id=first.id))[-1]
        need(gone.type == "error" and gone.error.code == "previous_response_not_found", str(gone))
        need(gone.status == 404 and gone.error.param == "previous_response_id", str(gone))
        # The socket is still good, and so is the latest.
        third = await answer(
            connection, input="What is stored?", tools=PYTHON, store=False, previous_response_id=second.id, **OUTPUTS)
        need(printed(third) == "42", f"the session lost its state: {printed(third)}")
    try:
        await client.responses.retrieve(third.id)
        sys.exit("a response that was not to be stored is there")
    except openai.NotFoundError:
        pass
    # Another socket has another session, and knows nothing of the first.
    async with client.responses.connect() as connection:
        other = (await ask(connection, input="What is stored?", tools=PYTHON, previous_response_id=third.id))[-1]
        need(other.type == "error" and other.error.code == "previous_response_not_found", str(other))
        own = await answer(connection, input="What is stored?", tools=PYTHON, **OUTPUTS)
        need("NameError" in printed(own), "the session of another socket shows")


async def functions():
    """Turns that the client's tools take part in: the prompt of each begins with that of the one before."""
    async with client.responses.connect() as connection:
        response = await answer(connection, input="Forecast for Paris?", tools=WEATHER, store=False)
        known = 0
        for _ in range(20):
            call = response.output[-1]
            need(call.type == "function_call", str(call))
            output = {"type": "function_call_output", "call_id": call.call_id, "output": "18 degrees"}
            response = await answer(
                connection, input=[output], tools=WEATHER, store=False, previous_response_id=response.id)
            need(response.usage.input_tokens > known, "the prompt does not grow")
            known = response.usage.input_tokens
        need(response.output_text == "It is 18 degrees.", response.to_json())


async def warmed():
    async with client.responses.connect() as connection:
        warm = await answer(
            connection, generate=False, input=[], instructions="Be brief.", tools=PYTHON, store=False)
        need(warm.output == [], "a response without a model says something")
        await answer(connection, input="Multiply 64548*15151.", tools=PYTHON, previous_response_id=warm.id)


async def evicted():
    """A continuation that fails takes away what it continued."""
    async with client.responses.connect() as connection:
        first = await answer(connection, input="Weather in Paris?", tools=WEATHER, store=False)
        output = {"type": "function_call_output", "call_id": "call_of_another", "output": "18"}
        wrong = (await ask(connection, input=[output], tools=WEATHER, previous_response_id=first.id))[-1]
        need(wrong.type == "error" and wrong.status == 400, str(wrong))
        output["call_id"] = first.output[-1].call_id
        gone = (await ask(connection, input=[output], tools=WEATHER, previous_response_id=first.id))[-1]
        need(gone.error.code == "previous_response_not_found", str(gone))
        # The control: what is stored is found all the same.
        kept = await answer(connection, input="Weather in Paris?", tools=WEATHER)
        await ask(connection, input=[{**output, "call_id": "no"}], tools=WEATHER, previous_response_id=kept.id)
        output["call_id"] = kept.output[-1].call_id
        await answer(connection, input=[output], tools=WEATHER, previous_response_id=kept.id)


async def one_at_a_time():
    async with client.responses.connect() as connection:
        await connection.response.create(model="replay", input="Wait for a second.", tools=PYTHON)
        await connection.recv()
        await connection.response.create(model="replay", input="Multiply 64548*15151.", stream_id="two")
        await connection.send({"type": "response.steer", "previous_response_id": "resp_1", "input": "Faster."})
        await connection.send({"type": "response.frobnicate"})
        await connection._connection.send("no JSON")
        errors, last = [], None
        while last is None:
            event = await asyncio.wait_for(connection.recv(), 60)
            errors += [event] if event.type in ("error", "response.steer.failed") else []
            last = event if event.type == "response.completed" else None
        codes = [error.error.code for error in errors]
        known = ["response_already_active", "steering_not_supported", "invalid_value", "invalid_json"]
        need(codes == known, f"the errors are {codes}")
        need(errors[0].stream_id == "two" and errors[1].steer.previous_response_id == "resp_1", str(errors))
        need("waited" in last.response.output_text, "the first response is another")
        await answer(connection, input="Multiply 64548*15151.", tools=PYTHON, store=False)


async def bounds():
    """What no client may do, each beside what one may."""
    for origin, allowed in (("https://evil.example", False), ("http://localhost:3000", True)):
        try:
            async with websockets.connect(SOCKET, origin=origin):
                need(allowed, "a page of a foreign site may connect")
        except websockets.InvalidStatus as refusal:
            need(not allowed and refusal.response.status_code == 403, f"{origin}: {refusal}")
    for size, code in ((8 << 20) + 1, 1009), (1 << 20, None):
        async with websockets.connect(SOCKET, max_size=None) as socket:
            try:
                await socket.send(json.dumps({"type": "x" * size}))
                said = json.loads(await asyncio.wait_for(socket.recv(), 60))
                need(code is None and said["error"]["code"] == "invalid_value", str(said)[:200])
            except websockets.ConnectionClosed as closed:
                need(closed.rcvd is not None and closed.rcvd.code == code, str(closed))
    async with websockets.connect(SOCKET) as socket:
        await asyncio.wait_for(await socket.ping(), 60)
        # A message in pieces is one message.
        await socket.send(['{"type":', '"response', '.frob"}'])
        need(json.loads(await socket.recv())["error"]["code"] == "invalid_value", "a message in pieces is lost")
        await socket.send(b"{}")
        try:
            await asyncio.wait_for(socket.recv(), 60)
            sys.exit("a binary message is taken")
        except websockets.ConnectionClosed as closed:
            need(closed.rcvd.code == 1003, str(closed))
    request = urllib.request.Request(f"{BASE}/v1/responses")
    try:
        urllib.request.urlopen(request)
        sys.exit("a GET that offers no socket is answered")
    except urllib.error.HTTPError as error:
        need(error.code == 426 and error.headers["Upgrade"] == "websocket", str(error))


async def main():
    for part in (conversation, functions, warmed, evicted, one_at_a_time, bounds):
        await part()
    print("right")


asyncio.run(main())
