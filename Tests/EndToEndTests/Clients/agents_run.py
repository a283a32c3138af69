"""Drives the daemon with the agents library of OpenAI, as a program of its users does.

agents_run.py BASE: prints `right`; exits with 1 and a sentence if anything is not as a user needs it.
"""

import asyncio
import sys

import agents
import openai
from agents.models.openai_chatcompletions import OpenAIChatCompletionsModel
from agents.models.openai_responses import OpenAIResponsesModel

BASE = sys.argv[1]
agents.set_tracing_disabled(True)
client = openai.AsyncOpenAI(base_url=f"{BASE}/v1", api_key="none", max_retries=0)
responses = OpenAIResponsesModel("replay", client)
chat = OpenAIChatCompletionsModel("replay", client)
asked = []


def need(holds, sentence):
    if not holds:
        sys.exit(sentence)


@agents.function_tool
def get_weather(city: str) -> str:
    """Tells the weather."""
    asked.append(city)
    return "18 degrees"


def weather(model):
    return agents.Agent(name="Weather", instructions="Use the tool.", model=model, tools=[get_weather])


async def function(model):
    """A function of the client's, whose output goes back to the model."""
    asked.clear()
    result = await agents.Runner.run(weather(model), "Weather in Paris?")
    need(result.final_output == "It is 18 degrees.", result.final_output)
    need(asked == ["Paris"], f"the tool was asked for {asked}")


async def streamed(model):
    asked.clear()
    result = agents.Runner.run_streamed(weather(model), "Weather in Paris?")
    kinds, text = [], ""
    async for event in result.stream_events():
        if event.type == "run_item_stream_event":
            kinds.append(event.name)
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            text += event.data.delta
    need(result.final_output == text == "It is 18 degrees.", f"{result.final_output!r} is not what was streamed: {text!r}")
    need(kinds.index("tool_called") < kinds.index("tool_output") < kinds.index("message_output_created"), str(kinds))
    need(asked == ["Paris"], f"the tool was asked for {asked}")


async def hosted():
    """The daemon's own python, whose session goes on with the conversation."""
    python = agents.CodeInterpreterTool(tool_config={"type": "code_interpreter", "container": {"type": "auto"}})
    settings = agents.ModelSettings(response_include=["code_interpreter_call.outputs"])
    agent = agents.Agent(name="Python", model=responses, model_settings=settings, tools=[python])
    first = await agents.Runner.run(agent, "Multiply 64548*15151.")
    need("977966748" in first.final_output, first.final_output)
    second = await agents.Runner.run(agent, "What is stored?", previous_response_id=first.last_response_id)
    outputs = [
        output.logs for item in second.raw_responses[-1].output if item.type == "code_interpreter_call"
        for output in item.outputs
    ]
    need(outputs == ["42"], f"the session lost its state: {outputs}")


async def socket():
    """Both turns over one WebSocket."""
    asked.clear()
    async with agents.responses_websocket_session(
            api_key="none", base_url=f"{BASE}/v1", websocket_base_url=f"{BASE}/v1".replace("http", "ws", 1)) as session:
        for _ in range(2):
            result = session.run_streamed(weather("replay"), "Weather in Paris?")
            async for _ in result.stream_events():
                pass
            need(result.final_output == "It is 18 degrees.", str(result.final_output))
    need(asked == ["Paris", "Paris"], f"the tool was asked for {asked}")


async def main():
    for model in (responses, chat):
        await function(model)
        await streamed(model)
    await hosted()
    await socket()
    print("right")


asyncio.run(main())
