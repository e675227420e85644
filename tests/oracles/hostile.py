"""Texts made to break a spoiler: everything that means something to Discord's markdown, around a token."""

from random import Random

BARS = (
    "|",
    "||",
    "|||",
    "||||",
    "\u2758",
    "\u2758\u2758",
    "\uff5c\uff5c",
    "| |",
    "\\||",
    "|\\|",
    "||\u200b||",
    "\u00a6",
)
RUNS = (
    *("*", "**", "***", "_", "__", "___", "~", "~~", "`", "``", "```", "```\n", "```py\n", "\n```", "~~~"),
    *("\\", "\\\\", "\\\\\\", "\\" * 7, "\\`", "\\*", "\\[", "\\\n"),
)
STARTS = (
    *(
        "# ",
        "## ",
        "### ",
        "#### ",
        "-# ",
        "> ",
        ">>> ",
        ">",
        "- ",
        "* ",
        "+ ",
        "1. ",
        "10. ",
        "  - ",
        "    ",
    ),
    *("\n# ", "\n-# ", "\n> ", "\n>>> ", "\n- ", "\n1. ", "\n\n# ", "\n  * "),
)
LINKS = (
    *(
        "[t](https://e.org)",
        "[t||](https://e.org)",
        "[||t](https://e.org/||)",
        '[t](https://e.org "||")',
        "[t](<u>)",
    ),
    *("[", "](", ")", "](https://e.org)", "](x", "[[", "]]", "![t](u)", "[t][r]", "[r]: https://e.org"),
    *(
        "https://e.org/",
        "https://e.org/||",
        "||https://e.org",
        "http://e.org/a||b",
        "https://e.org/(",
        "https://",
    ),
    *(
        "<https://e.org>",
        "<https://e.org/||>",
        "<https://e.org/",
        "<http:||>",
        "<mailto:a@e.org>",
        "<",
        ">",
        "http:",
    ),
)
MENTIONS = (
    *("<@1>", "<@!12345678901234567>", "<@&12345678901234567>", "<#12345678901234567>", "@everyone", "@here"),
    *(
        "<:a:1>",
        "<a:b:12345678901234567>",
        ":smile:",
        "<t:1:R>",
        "<t:1>",
        "<t:||:R>",
        "</a b:12345678901234567>",
    ),
    *(
        "<id:guide>",
        "<12345678901234567:linked-roles>",
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "&#124;&#124;",
        "&vert;",
        "<br>",
    ),
)
SPACES = (
    *(
        " ",
        "  ",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\t",
        "\v",
        "\f",
        "\x1c",
        "\x1f",
        "\x85",
        "\xa0",
        "\u2028",
        "\u2029",
    ),
    *("\u3000", "\u2003", "\u202f"),
)
UNSEEN = (
    *(
        "\u200b",
        "\u200c",
        "\u200d",
        "\u2060",
        "\ufeff",
        "\u00ad",
        "\u200e",
        "\u200f",
        "\u202a",
        "\u202e",
        "\u202c",
    ),
    *(
        "\u2066",
        "\u2067",
        "\u2069",
        "\u0301",
        "\u0338",
        "\u20e3",
        "\ufe0f",
        "\u034f",
        "\u3164",
        "\u061c",
        "\0",
    ),
)
WORDS = (
    *(
        "a",
        "x",
        "Kathy",
        "don't",
        "1984",
        "e.g.",
        "and",
        "the end",
        "Ünïcödé",
        "語",
        "שלום",
        "سلام",
        "\U0001f600",
    ),
    *(
        "¯\\_(ツ)_/¯",
        "“a”",
        "–",
        "…",
        "a:b",
        "a_b_c",
        "2*3*4",
        "C:\\",
        "I'm",
        "(",
        ")",
        "!",
        "?",
        "&",
        "%s",
        "{0}",
        "$1",
    ),
)
ATOMS = (*BARS, *RUNS, *STARTS, *LINKS, *MENTIONS, *SPACES, *UNSEEN, *WORDS)

PAIRS = (
    *(
        ("||", "||"),
        ("|", "|"),
        ("`", "`"),
        ("``", "``"),
        ("```\n", "\n```"),
        ("```", "```"),
        ("*", "*"),
        ("**", "**"),
    ),
    *(
        ("_", "_"),
        ("__", "__"),
        ("~~", "~~"),
        ("[", "](https://e.org)"),
        ("[t](https://e.org/", ")"),
        ("<", ">"),
    ),
    *(
        ("<https://e.org/", ">"),
        ('[t](https://e.org "', '")'),
        ("(", ")"),
        ("\\", "\\"),
        ("# ", "\n"),
        ("> ", "\n"),
    ),
    *(
        (">>> ", ""),
        ("-# ", "\n"),
        ("- ", "\n- "),
        ("<t:1:", ">"),
        ("<:", ":1>"),
        ("</", ":12345678901234567>"),
    ),
)
EMPTYISH = (
    "\u200b",
    "\u2060",
    "\ufeff",
    "\x1c",
    "\x1f",
    "\0",
    "\u3164",
    "\u00ad",
    "\u034f",
    "\u202e",
    "\\",
    "|",
    "#",
    "-",
)


def hostile(random: Random, token: str, limit: int = 1500) -> str:
    """A hostile text of at most `limit` characters with the token in it at least once.

    The token stands in it up to three times, so that its end cannot leak unnoticed where its beginning is safe.
    """
    strategy = _long if random.random() < 0.002 else random.choice(_STRATEGIES)
    text = strategy(random, token)
    return text if len(text) <= limit else text[: limit - len(token)] + token


def hostile_outside(random: Random, limit: int = 120) -> str:
    """A hostile text for the clear beside a veil; never empty, but perhaps nothing that can be seen."""
    if random.random() < 0.1:
        return random.choice(EMPTYISH)
    text = hostile(random, random.choice(ATOMS), limit)[:limit]
    return text if text.strip() else random.choice(EMPTYISH)


def _soup(random: Random, token: str) -> str:
    atoms = random.choices(ATOMS, k=random.randint(1, 24))
    for _ in range(random.choice((1, 1, 2, 3))):
        atoms.insert(random.randint(0, len(atoms)), token)
    return random.choice(("", "", " ")).join(atoms)


def _narrow_soup(random: Random, token: str) -> str:
    """Few kinds of marks, so that they meet each other more often."""
    kinds = random.choices(ATOMS, k=3)
    atoms = random.choices((*kinds, "||", token, " "), k=random.randint(2, 16))
    return "".join((*atoms, token))


def _bars(random: Random, token: str) -> str:
    before, after = ("|" * random.randint(0, 7) for _ in range(2))
    return (
        before + random.choice(("", " ", "\\", "\n")) + token + random.choice(("", " ", "\\", "\n")) + after
    )


def _parity(random: Random, token: str) -> str:
    """Bars in odd or even number, each perhaps escaped, apart or touching something, then the token."""
    touching = ("", " ", "\\", "`", "a", "\u200b", "https://e.org/", "<")
    bars = [random.choice(touching) + random.choice(BARS) for _ in range(random.randint(1, 5))]
    return " ".join(bars) + random.choice(touching) + token + random.choice(touching)


def _wrapped(random: Random, token: str) -> str:
    text = token
    for _ in range(random.randint(1, 4)):
        opening, closing = random.choice(PAIRS)
        text = f"{opening}{text}{closing}"
    return text


def _crossed(random: Random, token: str) -> str:
    """Delimiters that open before a bar, or before the token, and close behind it, in no proper order."""
    pairs = random.choices(PAIRS, k=random.randint(1, 3))
    middle = [token, random.choice(BARS), random.choice(WORDS), token]
    random.shuffle(middle)
    closing = [end for _, end in pairs]
    random.shuffle(closing)
    return "".join((*(start for start, _ in pairs), *middle, *closing, random.choice(("", token))))


def _trailing(random: Random, token: str) -> str:
    """Ends that could swallow the closing bars."""
    end = random.choice(
        ("\\", "\\", "`", "```", "[", "[t](", "<", "<https://e.org", "https://e.org/", "*", "|", "(", "<t:")
    )
    space = random.choice(("", "", " ", "\n", "\u200b", "\xa0", "\x1c"))
    return f"{_soup(random, token) if random.random() < 0.3 else token}{end * random.randint(1, 5)}{space}"


def _lines(random: Random, token: str) -> str:
    breaks = ("\n", "\n", "\n\n", "\r\n", "\r", "\x85", "\u2028", "\v", "\f", "\x1c")
    lines = [
        random.choice(STARTS) + random.choice((token, random.choice(ATOMS), ""))
        for _ in range(random.randint(2, 6))
    ]
    return random.choice(breaks).join((*lines, random.choice(STARTS) + token))


def _prose(random: Random, token: str) -> str:
    words = random.choices(WORDS, k=random.randint(0, 12))
    words.insert(random.randint(0, len(words)), token)
    return " ".join(words)


def _long(random: Random, token: str) -> str:
    return _soup(random, token) + random.choice((" ", "")).join(random.choices(ATOMS, k=300)) + token


_STRATEGIES = (
    *(_soup, _soup, _soup, _soup, _narrow_soup, _narrow_soup, _narrow_soup, _bars, _bars, _parity, _parity),
    *(_wrapped, _wrapped, _crossed, _crossed, _trailing, _trailing, _lines, _lines, _prose),
)
