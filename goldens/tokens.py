"""Records what tiktoken makes of texts, whole and in chunks.

usage: tokens.py FOLDER    writes FOLDER/harmony/tok_encode.json and tok_stream.json
"""

import base64
import pathlib
import sys

import regex

import common

# A text for each rule of pre-tokenization, and for what has broken tokenizers before.
TEXTS = {
    "empty": "",
    "contractions": "I'm he'll we've they're she'd it's DON'T I'M HE'LL WE'VE 'twas rock'n'roll o'clock l'été it'ſ",
    "capitals": "HTTPServer XMLHttpRequest iPhone ABCdef aBC ÀÉÎ Straße ǅungla ΑΒΓαβγ ДОМдом",
    "caseless": "漢字かな交じり文 漢ABC漢abc 한국어 العربية עברית हिन्दी ไทย ʕ",
    "numbers": "1 12 123 1234 12345 3.14159 1,000,000 0x1F ٣٤٥ Ⅷ½ 1st 2nd a1b22c333d4444",
    "spaces": "a b  c   d    e\tf\t\tg \t h\u00a0i\u3000j\u2003k",
    "newlines": "a\nb\n\nc\n\n\nd \n e\n \nf\r\ng\r\n\r\nh\ri\n\tj\n    k",
    "end-spaces": "a   ",
    "end-newlines": "a \n\n\n",
    "only-spaces": " " * 70,
    "only-newlines": "\n" * 33,
    "punctuation": "Hello, world! (yes) [no] {maybe} <tag/> a==b != c && d || e; f->g :: h ... ??? !!!",
    "slashes": "https://example.org/a/b?c=d&e=f#g //comment /* c */ path\\to\\file x/\ny",
    "marks": "e\u0301 n\u0303o a\u0308\u0323 \u0301 -\u0301- क्षि ก็",
    "emoji": "😀😃 👍🏽 👩‍👩‍👧‍👦 🇩🇪🇫🇷 ❤️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "controls": "\u0000\u0001\u0007\u001b[31mred\u001b[0m\u007f\u0085\u2028\u2029\ufeff",
    "private": "\ue000\uf8ff\U000f0000\U0010fffd \ufffd\ufffe",
    "special-spelled": "<|start|>system<|message|>x<|end|> <|endoftext|> <|call|><|return|> <|constrain|> <|reserved_200013|>",
    "special-torn": "<|end <|end| |end|> <<|end|>> < |end|> <|END|>",
    "code": "def f(x: int) -> str:\n    \"\"\"Doc.\"\"\"\n    return f\"{x!r:>10}\"  # é\n\n\nclass A(B):\n\tpass\n",
    "json": '{"a": [1, 2.5e-3, true, null], "b": {"c": "d\\n\\u00e9"}, "": ""}',
    "table": "|  a | b  |\n|----|:--:|\n| 1  |  2 |\n+----+----+\n=====\n-----\n~~~~~\n",
    "traceback": 'Traceback (most recent call last):\n  File "<cell>", line 1, in <module>\nZeroDivisionError: division by zero\n',
    "long-word": "supercalifragilisticexpialidocious" * 9,
    "long-digits": "1234567890" * 40,
    "long-dashes": "-" * 300,
    "long-equals": "= " * 100,
    "base64": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==" * 3,
    "hex": "deadbeef 0123456789abcdef DEADBEEF " * 8,
    "polyglot": "The quick brown fox. Der schnelle Fuchs. Быстрая лиса. 敏捷的狐狸。素早い狐。Ταχεία αλεπού. الثعلب السريع.",
    "apostrophes": "'''' 's 'S '' 't't't x'''y ’s",
    "mixed-space": " \u00a0 \u00a0x \t \u2009y\u200bz\u200d",
    "crlf-spaces": "a\r\n  b\r\n\t\r\n c  \r\n\r\n  ",
    "underscores": "__init__ _private CONSTANT_NAME snake_case $var @decor #hash %fmt ^caret",
    "currencies": "$1.99 €2,50 £3 ¥400 ₹5 100% 5° 10‰ №7 §8 ©2024 ®™",
}

# Bytes that are not UTF-8: each maximal ill-formed part counts as one U+FFFD.
ILL_FORMED = {
    "lone-continuation": b"a\x80b",
    "truncated-two": b"caf\xc3",
    "truncated-three": b"\xe6\xbc",
    "truncated-four": b"x\xf0\x9f\x98",
    "overlong": b"\xc0\xaf\xe0\x80\xaf",
    "surrogate": b"\xed\xa0\x80\xed\xb0\x80",
    "too-high": b"\xf4\x90\x80\x80\xf5",
    "latin": "naïve façade".encode("latin-1"),
    "cut-in-emoji": "ok 😀".encode()[:-1] + b" more",
    "noise": bytes(range(0x78, 0x100)),
}

PARTS = [
    "a", "The", " the", "ing", "Z", "é", "ß", "漢", "字", "한", "ع", "я", "Ω", "ǅ", "😀", "👍🏽", "\u0301", "\u200d", "1", "23", "٣",
    " ", "  ", "\t", "\n", "\r\n", "\n\n", "\u00a0", "\u3000", "'", "'s", "'LL", "’", ".", ",", "!", "--", "==", "/", "\\", "(", "】",
    "<|end|>", "<|", "|>", "_", "#", "http://", "\u0000", "\ufffd", "\ufeff", "  \n", "-\n", "x\u0301", "ABC", "abC",
]


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    common.use_vocabulary(folder / "vocabulary")
    import tiktoken

    encoding = tiktoken.get_encoding("o200k_base")
    pattern = regex.compile(encoding._pat_str)
    texts = dict(TEXTS)
    random = common.seeded("tokens")
    for number in range(120):
        texts[f"random-{number}"] = "".join(random.choice(PARTS) for _ in range(random.randrange(1, 40)))

    def encoded(name: str, text: str, **more: str) -> dict:
        tokens = encoding.encode(text, disallowed_special=())
        pieces = pattern.findall(text)
        # The expression's engine is another one here: it has to cut as tiktoken cut.
        assert [id for piece in pieces for id in encoding.encode(piece, disallowed_special=())] == tokens, name
        return {"id": name, "text": text, "pieces": pieces, "tokens": tokens, **more}

    cases = [encoded(name, text) for name, text in texts.items()]
    for name, raw in ILL_FORMED.items():
        cases.append(encoded(f"ill-{name}", raw.decode("utf-8", "replace"), raw_base64=base64.b64encode(raw).decode()))
    common.write(folder / "harmony/tok_encode.json", cases)

    streams = []
    for name, text in texts.items():
        chunks = []
        rest = text
        while rest:
            length = random.choice([1, 1, 2, 3, 7, 20])
            chunks.append(rest[:length])
            rest = rest[length:]
        streams.append({"id": name, "chunks": chunks, "tokens": encoding.encode(text, disallowed_special=())})
    common.write(folder / "harmony/tok_stream.json", streams)


if __name__ == "__main__":
    main()
