"""The cases of Open Responses' compliance suite, all at a time, each answer held against the specification's types.

open_responses.py turns: prints the recording that the cases play, a script on each line.
open_responses.py BASE: runs the cases against BASE; prints a line for each, and exits with 1 if one fails.
"""

import base64
import concurrent.futures
import inspect
import json
import sys
import typing
import urllib.error
import urllib.request

import openresponses_types.types as spec
import pydantic
from websockets.sync.client import connect

WEATHER = {
    "type": "function", "name": "get_weather", "description": "Get the current weather for a location",
    "parameters": {"type": "object", "properties": {"location": {"type": "string"}}, "required": ["location"]},
}
PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PDF = "data:application/pdf;base64," + base64.b64encode(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n%%EOF\n").decode()


def final(text):
    return "<|channel|>final<|message|>" + text + "<|return|>"


def thinking(turn):
    return "<|channel|>analysis<|message|>The user asks.<|end|><|start|>assistant" + turn


CALL = '<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"location":"San Francisco"}<|call|>'
# What the model samples, by what the user says.
TURNS = {
    "exactly 3 words": [thinking(final("Hello there, friend."))],
    "Count from 1 to 5": [thinking(final("1, 2, 3, 4, 5"))],
    "Say hello as you would": [thinking(final("Ahoy, matey!"))],
    "weather in San Francisco": [thinking(CALL), final("It is sunny.")],
    "Use the tool for San Francisco": ['{"location":"San Francisco"}<|call|>', final("18 degrees and sunny.")],
    "My favorite fruit is papaya": [final("Noted.")],
    "What is my favorite fruit": [thinking(final("Papaya."))],
    "What do you see in this image": [final("I cannot see images.")],
    "What is my name": [final("Your name is Alice.")],
    "Go on with the plan": [final("Done.")],
    "What is in this file": [final("I cannot read it.")],
    "Summarize the conversation": ["The user's favorite fruit is papaya.<|return|>"],
}

EVENTS = {}
for _, kind in inspect.getmembers(spec, inspect.isclass):
    if kind.__name__.endswith("StreamingEvent") and issubclass(kind, pydantic.BaseModel):
        annotation = kind.model_fields["type"].annotation
        for value in typing.get_args(annotation) or list(annotation):
            EVENTS[str(getattr(value, "value", value))] = kind


class Failure(Exception):
    pass


def need(holds, sentence):
    if not holds:
        raise Failure(sentence)


def checked(response, status="completed"):
    """The response, if it is as the specification has it."""
    spec.ResponseResource.model_validate(response)
    need(response["output"], "the output is empty")
    need(status is None or response["status"] == status, f"the status is {response['status']}")
    return response


def post(body):
    data = json.dumps({"model": "replay", **body}).encode()
    request = urllib.request.Request(f"{BASE}/responses", data, {"Content-Type": "application/json"})
    return urllib.request.urlopen(request, timeout=60)


def respond(status="completed", **body):
    with post(body) as answer:
        return checked(json.load(answer), status)


def stream(**body):
    """The events, each of which is valid, and the final response."""
    with post({**body, "stream": True}) as answer:
        text = answer.read().decode().replace("\r\n", "\n")
    blocks = [block.split("\n") for block in text.split("\n\n") if block]
    # What has no name is a comment that keeps the connection alive.
    blocks = [block for block in blocks if any(line.startswith("data:") for line in block)]
    need(blocks.pop() == ["data: [DONE]"], "the stream does not end with [DONE]")
    events = []
    for block in blocks:
        fields = dict(line.split(": ", 1) for line in block)
        need(set(fields) == {"event", "data"}, f"an event has the fields {sorted(fields)}")
        event = json.loads(fields["data"])
        need(event["type"] == fields["event"], f"{event['type']} is named {fields['event']}")
        need(event["type"] in EVENTS, f"{event['type']} is no event of the specification")
        EVENTS[event["type"]].model_validate(event)
        events.append(event)
    return events, checked(events[-1]["response"])


class Socket:
    """A socket on which responses are made, one at a time; each event is valid."""

    def __init__(self):
        self.socket = connect(BASE.replace("http", "ws", 1) + "/responses", open_timeout=60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def last(self, **body):
        """The last event of a response."""
        self.socket.send(json.dumps({"type": "response.create", "model": "replay", **body}))
        while True:
            event = json.loads(self.socket.recv(timeout=30))
            if event["type"] == "error":
                return event
            need(event["type"] in EVENTS, f"{event['type']} is no event of the specification")
            EVENTS[event["type"]].model_validate(event)
            if event["type"] in ("response.completed", "response.failed", "response.incomplete"):
                return event

    def respond(self, **body):
        last = self.last(**body)
        need("response" in last, str(last))
        return checked(last["response"])

    def refused(self, code, **body):
        last = self.last(**body)
        need(last["type"] == "error" and last["error"]["code"] == code, str(last))
        need(isinstance(last["status"], int) and last["error"]["message"], str(last))


def compact(**body):
    data = json.dumps(body).encode()
    request = urllib.request.Request(f"{BASE}/responses/compact", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        compacted = json.load(answer)
    spec.CompactResource.model_validate(compacted)
    return compacted


def said(text, role="user", **members):
    return {"type": "message", "role": role, "content": text, **members}


def calls_of(response):
    return [item for item in response["output"] if item["type"] == "function_call"]


def basic_response():
    respond(input=[said("Say hello in exactly 3 words.")])


def streaming_response():
    events, response = stream(input=[said("Count from 1 to 5.")])
    kinds = {event["type"] for event in events}
    need("response.reasoning.delta" in kinds and "response.output_text.delta" in kinds, f"the events are {kinds}")
    text = "".join(event["delta"] for event in events if event["type"] == "response.output_text.delta")
    need(response["output"][-1]["content"][0]["text"] == text, "the deltas are another text")


def system_prompt():
    respond(input=[said("You are a pirate. Always respond in pirate speak.", "system"), said("Say hello as you would.")])


def tool_calling():
    response = respond(status=None, input=[said("What's the weather in San Francisco?")], tools=[WEATHER])
    need(calls_of(response), "there is no function_call")


def tool_calling_streaming():
    events, response = stream(input=[said("What's the weather in San Francisco?")], tools=[WEATHER])
    items = [event["item"]["type"] for event in events if event["type"] == "response.output_item.added"]
    need("function_call" in items, f"the items are {items}")
    pieces = [event["delta"] for event in events if event["type"] == "response.function_call_arguments.delta"]
    need("".join(pieces) == calls_of(response)[0]["arguments"], "the deltas are other arguments")


def function_call_roundtrip():
    question = said("Use the tool for San Francisco.")
    choice = {"type": "function", "name": "get_weather"}
    first = respond(input=[question], tools=[WEATHER], tool_choice=choice)
    call = calls_of(first)[0]
    need(json.loads(call["arguments"]) == {"location": "San Francisco"}, call["arguments"])
    output = {"type": "function_call_output", "call_id": call["call_id"], "output": '{"temperature":18}'}
    second = respond(input=[question, call, output], tools=[WEATHER])
    need(second["output"][-1]["type"] == "message", "the model does not answer")


def previous_response_id():
    first = respond(input=[said("My favorite fruit is papaya.")])
    second = respond(input=[said("What is my favorite fruit?")], previous_response_id=first["id"])
    need(second["previous_response_id"] == first["id"], "the response says that it continues another")


def image_input():
    image = {"type": "input_image", "image_url": PIXEL}
    respond(input=[said([{"type": "input_text", "text": "What do you see in this image?"}, image])])


def multi_turn():
    history = [said("My name is Alice."), said("Hello Alice! Nice to meet you.", "assistant")]
    respond(input=history + [said("What is my name?")])


def assistant_phase():
    history = [said("Make a plan."), said("I look first.", "assistant", phase="commentary")]
    history += [said("Here it is.", "assistant", phase="final_answer"), said("Go on with the plan.")]
    response = respond(input=history)
    need(response["output"][-1]["phase"] == "final_answer", "the answer has another phase")


def response_output_phase_schema():
    text = {"type": "output_text", "text": "x", "annotations": [], "logprobs": []}
    item = {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [text]}
    spec.Message.model_validate({**item, "phase": "commentary"})
    try:
        spec.Message.model_validate({**item, "phase": 7})
    except pydantic.ValidationError:
        return
    raise Failure("the types take any phase")


def file_input():
    file = {"type": "input_file", "filename": "file.pdf", "file_data": PDF}
    respond(input=[said([{"type": "input_text", "text": "What is in this file?"}, file])])


PAPAYA = said("My favorite fruit is papaya.")
FRUIT = said("What is my favorite fruit?")


def compact_response():
    compacted = compact(model="replay", input=[PAPAYA, said("Noted.", "assistant")])
    need(compacted["output"][-1]["type"] == "compaction", str(compacted))


def compact_missing_model():
    try:
        compact(input=[PAPAYA])
    except urllib.error.HTTPError as error:
        need(400 <= error.code < 500, f"the status is {error.code}")
        return
    raise Failure("it is compacted")


def websocket_response():
    with Socket() as socket:
        socket.respond(input=[said("Say hello in exactly 3 words.")])


def websocket_sequential_responses():
    with Socket() as socket:
        socket.respond(input=[said("Say hello in exactly 3 words.")])
        socket.respond(input=[said("Count from 1 to 5.")])


def websocket_continuation():
    with Socket() as socket:
        first = socket.respond(input=[PAPAYA], store=False)
        second = socket.respond(input=[FRUIT], store=False, previous_response_id=first["id"])
        need(second["previous_response_id"] == first["id"], "the response says that it continues another")


def websocket_previous_response_not_found():
    with Socket() as socket:
        socket.refused("previous_response_not_found", input=[FRUIT], previous_response_id="resp_of_another")


def websocket_reconnect_store_false_recovery():
    with Socket() as socket:
        first = socket.respond(input=[PAPAYA], store=False)
    with Socket() as socket:
        socket.refused("previous_response_not_found", input=[FRUIT], store=False, previous_response_id=first["id"])
        socket.respond(input=[PAPAYA, *first["output"], FRUIT], store=False)


def websocket_failed_continuation_evicts_cache():
    output = {"type": "function_call_output", "call_id": "call_of_another", "output": "18"}
    with Socket() as socket:
        first = socket.respond(input=[PAPAYA], store=False)
        failed = socket.last(input=[output], store=False, previous_response_id=first["id"])
        need(failed["type"] == "error", str(failed))
        socket.refused("previous_response_not_found", input=[FRUIT], store=False, previous_response_id=first["id"])


def websocket_compact_new_chain():
    compacted = compact(model="replay", input=[PAPAYA, said("Noted.", "assistant")])
    with Socket() as socket:
        first = socket.respond(input=[*compacted["output"], FRUIT], store=False)
        socket.respond(input=[FRUIT], store=False, previous_response_id=first["id"])


def websocket_generate_false():
    with Socket() as socket:
        last = socket.last(input=[PAPAYA], store=False, generate=False)
        need(last["response"]["status"] == "completed" and last["response"]["output"] == [], str(last))
        socket.respond(input=[FRUIT], store=False, previous_response_id=last["response"]["id"])


CASES = [
    basic_response, streaming_response, system_prompt, tool_calling, tool_calling_streaming, function_call_roundtrip,
    previous_response_id, image_input, multi_turn, assistant_phase, response_output_phase_schema, file_input,
    compact_response, compact_missing_model, websocket_response, websocket_sequential_responses,
    websocket_continuation, websocket_previous_response_not_found, websocket_reconnect_store_false_recovery,
    websocket_failed_continuation_evicts_cache, websocket_compact_new_chain, websocket_generate_false,
]


def outcome(case):
    try:
        case()
        return "passed"
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}: {error.read().decode()[:500]}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


if sys.argv[1] == "turns":
    for user, turns in TURNS.items():
        print(json.dumps({"user": user, "turns": turns}))
else:
    BASE = sys.argv[1]
    with concurrent.futures.ThreadPoolExecutor(len(CASES)) as pool:
        outcomes = dict(zip([case.__name__ for case in CASES], pool.map(outcome, CASES)))
    for name, what in outcomes.items():
        print(f"{name.replace('_', '-')}: {what}")
    sys.exit(any(what != "passed" for what in outcomes.values()))
