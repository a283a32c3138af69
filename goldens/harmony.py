"""Records what a Harmony library renders and parses; the package `openai_harmony` of this environment is the one.

usage: harmony.py FOLDER NAME          adds the expectation NAME to FOLDER/harmony/render.json and parse.json
"""

import json
import pathlib
import sys

import common
import conversations


def main() -> None:
    folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
    common.use_vocabulary(folder / "vocabulary")
    import openai_harmony as harmony

    encoding = harmony.load_harmony_encoding(harmony.HarmonyEncodingName.HARMONY_GPT_OSS)
    renders = conversations.to_render()
    parses = conversations.to_parse(lambda text: encoding.encode(text, allowed_special="all"))
    for file, cases, record in [("render", renders, rendered), ("parse", parses, parsed)]:
        path = folder / f"harmony/{file}.json"
        earlier = json.loads(path.read_text()) if path.exists() else [{} for _ in cases]
        common.write(path, [old | case | {name: record(harmony, encoding, case)} for old, case in zip(earlier, cases, strict=True)])


def rendered(harmony, encoding, case: dict) -> dict:
    given = case["input"]
    conversation = harmony.Conversation.from_messages([harmony.Message.from_dict(message) for message in given["messages"]])
    drops = given["auto_drop_analysis"] is True
    config = harmony.RenderConversationConfig(auto_drop_analysis=drops)
    try:
        match case["op"]:
            case "completion":
                role = harmony.Role(given["next_role"])
                tokens = encoding.render_conversation_for_completion(conversation, role, config)
            case "training":
                tokens = encoding.render_conversation_for_training(conversation, config)
            case _:
                tokens = encoding.render_conversation(conversation, config)
    except Exception as error:
        return {"error": str(error)}
    return {"tokens": tokens, "text": encoding.decode(tokens)}


def parsed(harmony, encoding, case: dict) -> dict:
    return {mode: steps(harmony, encoding, case["input"], mode == "strict") for mode in ("strict", "nonstrict")}


def steps(harmony, encoding, given: dict, strict: bool) -> dict:
    """What a parser says of itself after each token and at the end."""
    role = harmony.Role(given["role"]) if given["role"] else None
    parser = harmony.StreamableParser(encoding, role, strict=strict)
    rows, failure = [], {}
    try:
        for token in given["tokens"]:
            parser.process(token)
            rows.append(row(parser))
        parser.process_eos()
        rows.append(row(parser))
    except Exception as error:
        failure = {"error": {"at": len(rows), "message": str(error)}}
    return {"messages": json.loads(parser._inner.messages), "steps": rows, **failure}


def row(parser) -> list:
    role = parser.current_role
    return [
        parser.state.value, role.value if role else None, parser.current_channel, parser.current_recipient,
        parser.current_content_type, parser.last_content_delta, len(parser.messages),
    ]


if __name__ == "__main__":
    main()
