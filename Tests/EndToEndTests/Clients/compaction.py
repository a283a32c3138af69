"""Compacts conversations with the official client.

compaction.py BASE: prints `right`; exits with 1 and a sentence if anything is not as a user needs it.
"""

import sys

import openai

client = openai.OpenAI(base_url=f"{sys.argv[1]}/v1", api_key="none", max_retries=0)


def need(holds, sentence):
    if not holds:
        sys.exit(sentence)


first = client.responses.create(model="replay", input="Weather without tools?")
compacted = client.responses.compact(model="replay", previous_response_id=first.id)
need([item.type for item in compacted.output] == ["message", "compaction"], compacted.to_json())
need(compacted.usage.output_tokens > 0 and compacted.object == "response.compaction", compacted.to_json())
kept = [item.model_dump(exclude_none=True) for item in compacted.output]
second = client.responses.create(model="replay", input=kept + [{"role": "user", "content": "Multiply nothing."}])
need(second.output_text == "It is 977966748.", second.to_json())
events = list(client.responses.create(
    model="replay", input=[*kept, {"role": "user", "content": "Stay."}], stream=True,
    context_management=[{"type": "compaction", "compact_threshold": 1}],
))
kinds = [event.type for event in events]
need("response.compaction.compacting" in kinds and kinds[-1] == "response.completed", str(kinds))
need([item.type for item in events[-1].response.output] == ["compaction", "message"], events[-1].to_json())
try:
    client.post("/responses/compact", body={"input": "No model."}, cast_to=object)
    sys.exit("a compaction without a model is made")
except openai.BadRequestError as error:
    need(error.code == "missing_required_parameter" and error.param == "model", str(error))
print("right")
