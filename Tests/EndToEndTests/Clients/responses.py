"""Drives /v1/responses with the official client, as a user would.

responses.py BASE STREAM: writes the events of a streamed response to the file STREAM; exits with 1 and a sentence if anything
is not as a user needs it.
"""

import json
import pathlib
import sys
import urllib.request

import openai

BASE, STREAM = sys.argv[1], pathlib.Path(sys.argv[2])
SEED = {
    "input": "Multiply 64548*15151 using the python tool.",
    "tools": [{"type": "mcp", "server_label": "code_interpreter", "server_url": "IGNORED", "headers": {"test": "test"}}],
}
WEATHER = [{
    "type": "function", "name": "get_weather", "description": "Tells the weather.", "strict": False,
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}]
client = openai.OpenAI(base_url=f"{BASE}/v1", api_key="none", max_retries=0)


def need(holds, sentence):
    if not holds:
        sys.exit(sentence)


def call_of(response):
    return next(item for item in response.output if item.type == "mcp_call")


def streamed():
    kinds, items, final = [], [], None
    with client.responses.create(model="replay", stream=True, **SEED) as events:
        for event in events:
            kinds.append(event.type)
            if event.type == "response.output_item.done":
                items.append(event.item.id)
            if event.type == "response.completed":
                final = event.response
    need(final is not None, f"no response.completed: {kinds}")
    need([item.id for item in final.output] == items, "the final output is not what was streamed")
    need(call_of(final).output.strip() == "977966748", f"the tool said {call_of(final).output!r}")
    need("977966748" in final.output_text, final.output_text)
    # The client's own accumulator accepts the stream.
    with client.responses.stream(model="replay", **SEED) as stream:
        for _ in stream:
            pass
        need("977966748" in stream.get_final_response().output_text, "the accumulated text is another")


def by_hand():
    """As curl has it."""
    body = json.dumps({**SEED, "stream": True}).encode()
    request = urllib.request.Request(f"{BASE}/v1/responses", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        STREAM.write_bytes(answer.read())
    need(b'"test"' not in STREAM.read_bytes(), "a header of the tool's came back")


def continued():
    first = client.responses.create(model="replay", **SEED)
    need(call_of(first).output.strip() == "977966748", "the call has another output")
    need(client.responses.retrieve(first.id).output_text == first.output_text, "the stored response is another")
    second = client.responses.create(model="replay", input="What is stored?", previous_response_id=first.id, tools=SEED["tools"])
    need(call_of(second).output.strip() == "42", f"the session lost its state: {call_of(second).output!r}")
    need(all(item.type != "mcp_list_tools" for item in second.output), "the tools were listed twice")
    client.responses.delete(first.id)
    try:
        client.responses.retrieve(first.id)
        sys.exit("a deleted response is there")
    except openai.NotFoundError as error:
        need(error.code == "previous_response_not_found", str(error))


def functions():
    first = client.responses.create(model="replay", input="Weather in Paris?", tools=WEATHER)
    call = next(item for item in first.output if item.type == "function_call")
    need(json.loads(call.arguments) == {"city": "Paris"}, call.arguments)
    output = {"type": "function_call_output", "call_id": call.call_id, "output": "18 degrees"}
    second = client.responses.create(model="replay", input=[output], previous_response_id=first.id, tools=WEATHER)
    need(second.output_text == "It is 18 degrees.", second.output_text)


def chat():
    messages = [{"role": "user", "content": "Weather in Paris?"}]
    tools = [{"type": "function", "function": {key: WEATHER[0][key] for key in ("name", "description", "parameters")}}]
    first = client.chat.completions.create(model="replay", messages=messages, tools=tools).choices[0]
    call = first.message.tool_calls[0]
    need(first.finish_reason == "tool_calls" and json.loads(call.function.arguments) == {"city": "Paris"}, str(first))
    messages += [first.message.model_dump(), {"role": "tool", "tool_call_id": call.id, "content": "18 degrees"}]
    second = client.chat.completions.create(model="replay", messages=messages, tools=tools).choices[0]
    need(second.finish_reason == "stop" and second.message.content == "It is 18 degrees.", str(second))
    # Our tools run in the daemon, and only what the model says shows.
    text, thought, end, usage = "", "", None, None
    seed = [{"role": "user", "content": SEED["input"]}]
    for chunk in client.chat.completions.create(
        model="replay", messages=seed, stream=True, stream_options={"include_usage": True},
        extra_body={"tools": [{"type": "code_interpreter"}]},
    ):
        for choice in chunk.choices:
            text += choice.delta.content or ""
            thought += getattr(choice.delta, "reasoning_content", None) or ""
            end = choice.finish_reason or end
        usage = chunk.usage or usage
    need((text, thought, end) == ("It is 977966748.", "Use python.", "stop"), f"{text!r} {thought!r} {end}")
    need(usage.total_tokens == usage.prompt_tokens + usage.completion_tokens, str(usage))


def open_responses():
    body = json.dumps({**SEED, "stream": True}).encode()
    request = urllib.request.Request(f"{BASE}/open/v1/responses", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        lines = answer.read().decode().splitlines()
    data = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
    need(data[-1] == "[DONE]", f"the stream ends with {data[-1]}")
    events = [json.loads(line) for line in data[:-1]]
    kinds = {event["type"] for event in events}
    need("response.reasoning.delta" in kinds and "response.reasoning_text.delta" not in kinds, str(kinds))
    items = [item["type"] for item in events[-1]["response"]["output"]]
    need(items == ["harmonium:mcp_list_tools", "reasoning", "harmonium:mcp_call", "message"], str(items))


def refusals():
    try:
        client.responses.create(model="other", input="x")
        sys.exit("a model that is not there answered")
    except openai.NotFoundError as error:
        need(error.code == "model_not_found" and error.param == "model", str(error))
    try:
        client.responses.create(model="replay", input="x", temperature=7)
        sys.exit("a temperature of 7 was taken")
    except openai.BadRequestError as error:
        need(error.param == "temperature", str(error))
    need([model.id for model in client.models.list()] == ["replay"], "the list of models is another")


for check in (streamed, by_hand, continued, functions, chat, open_responses, refusals):
    check()
print("right")
