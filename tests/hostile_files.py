"""Files as moderators save them by mistake, and as somebody would who wants to stop the bot.

What is left out of the table is the rest of a small book that is in order.
"""

from pathlib import Path
from typing import NamedTuple

HEAD = "title: Emma\nmilestones:\n  - {id: volume-one, title: Volume One, spoiler_terms: [engagement]}\nsources:\n  - {id: essay, title: An essay}\n"
GOOD = """\
- id: emma
  topic: Who Emma is
  asks: [who is emma, emma woodhouse, the heroine, main character of the book, tell me of miss woodhouse]
  answer: Emma Woodhouse is the heroine.
  sources: [essay]
"""
HEROINE = "Emma Woodhouse is the heroine."
QUOTE = "- id: q\n  topic: T\n  quote: A line.\n  said_by: Emma\n  sources: [essay]\n"
PLOT = "- id: p\n  topic: T\n  text: Y.\n  sources: [essay]\n"
VIEW = "- id: v\n  topic: T\n  view: V.\n  by: Ann\n  about: acting\n  sources: [essay]\n"
PROMPT = "- id: p\n  question: Why?\n  theme: T\n"


class Hostile(NamedTuple):
    """What a file holds (surrogates as they are), and what is to be said of it: the line, what is wrong, the remedy."""

    data: str | bytes
    line: int
    what: str
    remedy: str
    file: str = "facts.yaml"


class Harmless(NamedTuple):
    """What a file of entries holds, and a text in it that the book is to have exactly so."""

    data: str | bytes
    kept: str


def raw(data: str | bytes) -> bytes:
    """What is written to disk."""
    return data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")


def good(change: str, to: str) -> str:
    """The good file with one thing in it changed."""
    assert change in GOOD
    return GOOD.replace(change, to)


def write_book(root: Path, data: str | bytes = GOOD, file: str = "facts.yaml") -> Path:
    """The book under a knowledge folder, with one file other than it should be; returns the folder."""
    folder = root / "knowledge" / "emma"
    folder.mkdir(parents=True)
    files = {"book.yaml": HEAD, "facts.yaml": GOOD, file: data}
    for name, held in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw(held))
    return folder.parent


HOSTILE: dict[str, Hostile] = {
    "tab indentation": Hostile(good("  topic", "\ttopic"), 2, "tab", "spaces"),
    "colon inside a text": Hostile(good("Who Emma is", "Emma: who she is"), 2, "colon inside", "double quotes"),
    "key out of line": Hostile(good("  answer:", "   answer:"), 4, "indented differently", "Line it up"),
    "colon forgotten": Hostile(good("answer: Emma", "answer Emma"), 4, "no colon", "key: text"),
    "quote never closed": Hostile(good("answer: Emma", 'answer: "Emma'), 4, "never closed", "same quote"),
    "apostrophe in single quotes": Hostile(good("Who Emma is", "'Emma's place'"), 2, "behind the closing quote", "twice"),
    "bracket never closed": Hostile(good("[essay]", "[essay"), 5, "not finished", "Close it"),
    "starts with @": Hostile(good("Who Emma", "@author"), 2, "cannot begin with @", "double quotes"),
    "starts with a backtick": Hostile(good("Who Emma", "`Emma`"), 2, "cannot begin with `", "double quotes"),
    "starts with bold": Hostile(good("Who Emma", "**Emma**"), 2, "*, & or !", "double quotes"),
    "starts with spoiler bars": Hostile(good("Emma Woodhouse is", "||Emma|| is"), 4, "| or >", "double quotes"),
    "backslash in double quotes": Hostile(good("Emma Woodhouse is the heroine.", '"C:\\qemma"'), 4, "backslash", "single quotes"),
    "hidden character by escape": Hostile(good("Emma Woodhouse is the heroine.", '"C:\\emma"'), 4, "U+001B", "type the text again"),
    "right-to-left by escape": Hostile(good("Who Emma is", '"Who \\u202eEmma is"'), 2, "U+202E", "type the text again"),
    "anchor": Hostile(good("Who Emma", "&who Emma"), 2, "anchor", "double quotes"),
    "alias": Hostile(good("Who Emma is", "*who"), 2, "alias", "double quotes"),
    "tag": Hostile(good("Who Emma", "!note Emma"), 2, "tag", "double quotes"),
    "merge key": Hostile(good("  topic", "  <<: {a: b}\n  topic"), 2, "merges", "Write the keys out"),
    "key twice": Hostile(good("  sources", "  topic: Again\n  sources"), 5, "twice (first on line 2)", "Keep one"),
    "second document": Hostile(GOOD + "---\n" + GOOD, 6, "second document", "delete the line"),
    "directive": Hostile("%TAG ! x\n" * 20_000, 1, "begins with %", "delete the line"),
    "list as a key": Hostile(good("  topic", "  ? [a]\n  : b\n  topic"), 2, "where a key should be", "plain key"),
    "misspelt key": Hostile(good("topic:", "topik:"), 2, 'no key "topik"', "Did you mean 'topic'?"),
    "look-alike letter in a key": Hostile(good("answer:", "аnswer:"), 4, "U+0430", "Type the key again"),
    "key missing": Hostile(good("  topic: Who Emma is\n", ""), 1, "topic is missing", "Add a line 'topic: ...'"),
    "text empty": Hostile(good("Emma Woodhouse is the heroine.", ""), 4, "empty", "Write a text"),
    "list where a text belongs": Hostile(good("Who Emma is", "[Who, Emma]"), 2, "should be a text", "double quotes"),
    "text where a list belongs": Hostile(good("[essay]", "essay"), 5, "should be a list", "each behind '- '"),
    "id with capitals": Hostile(good("id: emma", "id: Emma Woodhouse"), 1, "is no id", "a-z, 0-9 and -"),
    "topic too long": Hostile(good("Who Emma is", "Who " * 30), 2, "longer than 80", "Shorten"),
    "unknown medium": Hostile(GOOD + "  medium: opera\n", 6, "is no medium", "'film', 'novel' or 'both'"),
    "no source": Hostile(good("[essay]", "[]"), 5, "too few", "Add one"),
    "unknown source": Hostile(good("[essay]", "[esay]"), 5, 'no source "esay"', "Did you mean 'essay'?"),
    "unknown milestone": Hostile(GOOD + "  reveals: volume-two\n", 6, 'no milestone "volume-two"', "Did you mean 'volume-one'"),
    "layers out of order": Hostile(
        good("answer: Emma Woodhouse is the heroine.", "answer:\n    - reveals: volume-one\n      text: B.\n    - A."),
        7, "reveals less", "story order",
    ),
    "two milestones for one layer": Hostile(
        good("answer: Emma Woodhouse is the heroine.", "reveals: volume-one\n  answer:\n    - reveals: x\n      text: B."),
        4, "each name a milestone", "Keep one",
    ),
    "id twice": Hostile(GOOD + GOOD.replace("who is emma", "and who").replace("emma woodhouse,", ""), 6, "Two entries have the id", "of its own"),
    "not a list": Hostile("id: emma\n", 1, "should be a list", "'- id: ...'"),
    "empty file": Hostile("", 1, "empty", "delete it"),
    "invisible control": Hostile(good("Who Emma", "Who\x07 Emma"), 2, "U+0007", "Delete it"),
    "text that runs right to left": Hostile(good("Who Emma", "Who \u202eEmma"), 2, "U+202E", "Delete it"),
    "next-line character": Hostile(good("Who Emma", "Who\x85Emma"), 2, "U+0085", "Delete it"),
    "indented with no-break space": Hostile(good("  topic", "\u00a0\u00a0topic"), 2, "U+00A0", "ordinary spaces"),
    "Latin-1": Hostile(GOOD.replace("heroine", "héroïne").encode("latin-1"), 3, "not saved as UTF-8", "Save it again as UTF-8"),
    "UTF-16": Hostile(GOOD.encode("utf-16"), 1, "UTF-16", "UTF-8"),
    "lone surrogate": Hostile(good("Who Emma", "Who \ud800Emma"), 2, "not saved as UTF-8", "Save it again"),
    "binary": Hostile(bytes(range(256)) * 64, 1, "not a text file", "YAML file"),
    "50 MB": Hostile(b"# padding\n" * 5_000_000, 1, "larger than 1 MiB", "several files"),
    "aliases nine to the ninth": Hostile(
        "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{c}: &{c} [{','.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)),
        1, "anchor", "double quotes",
    ),
    "merge-key bomb": Hostile(
        "a: &a {x: 1}\n" + "".join(f"{c}: &{c} {{<<: [{','.join(['*' + p] * 9)}]}}\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)),
        1, "anchor", "double quotes",
    ),
    "60,000 brackets": Hostile("[" * 60_000, 1, "12 deep", "brackets"),
    "60,000 dashes": Hostile("- " * 60_000, 1, "12 deep", "dashes"),
    "a list of itself": Hostile("- &a [*a]\n", 1, "anchor", "double quotes"),
    "201,000 items": Hostile("[" + "a," * 201_000 + "]", 1, "200,000", "several files"),
    "endless text": Hostile(good("Who Emma is", "x" * 500_000), 2, "20000 characters", "closing quote"),
    "30,000 bad entries": Hostile("- a\n" * 30_000, 1, "table of keys", "key: text"),
    "a megabyte of comment": Hostile("#" * 1_000_000, 1, "empty", "delete it"),
    "a million blank lines": Hostile("\n" * 1_000_000, 1, "empty", "delete it"),
    "book without title": Hostile(HEAD.replace("title: Emma\n", ""), 1, "title is missing", "Add a line", "book.yaml"),
    "book without source": Hostile("title: Emma\n", 1, "sources is missing", "Add a line", "book.yaml"),
    "chapters in words": Hostile(HEAD.replace("id: volume-one,", "id: volume-one, chapters: one to nine,"), 3, "is no", "such as 1-9", "book.yaml"),
    "misspelt key in a milestone": Hostile(HEAD.replace("spoiler_terms", "spoiler_term"), 3, 'no key "spoiler_term"', "Did you mean 'spoiler_terms'?", "book.yaml"),
    "misspelt key in a layer": Hostile(
        good("answer: Emma Woodhouse is the heroine.", "answer:\n    - revels: volume-one\n      text: A."),
        5, 'no key "revels"', "Did you mean 'reveals'?",
    ),
    "two milestones of one id": Hostile(HEAD.replace("sources:", "  - {id: volume-one, title: Again}\nsources:"), 4, "Two milestones", "Change one", "book.yaml"),
    # what people type, paste and save
    "text that begins with a dash": Hostile(good(HEROINE, "- heroine"), 4, "begins with a mark", "double quotes"),
    "text that begins with a comma": Hostile(good(HEROINE, ", she said"), 4, "begins with a mark", "double quotes"),
    "text that begins with a question mark": Hostile(good(HEROINE, "? who"), 4, "begins with a mark", "double quotes"),
    "text that begins with brackets": Hostile(good(HEROINE, "[sic] the heroine"), 4, "begins with a mark", "double quotes"),
    "text that begins with braces": Hostile(good(HEROINE, "{name} said"), 4, "begins with a mark", "double quotes"),
    "text that begins with a percent sign": Hostile(good(HEROINE, "%s"), 4, "cannot begin with %", "double quotes"),
    "text that begins with a number sign": Hostile(good(HEROINE, "#1 heroine"), 4, "empty", "Write a text"),
    "ask that begins with a number sign": Hostile(good("[who is emma", "[#1 heroine"), 3, "not finished", "Close it"),
    "text behind a quote": Hostile(good(HEROINE, '"Emma" is the heroine'), 4, "behind the closing quote", "whole text in quotes"),
    "curly quotes": Hostile(good("Who Emma is", "“Who: Emma”"), 2, "colon inside", "double quotes"),
    "no space behind the colon": Hostile(good("topic: ", "topic:"), 2, "no ordinary colon and space", "one space"),
    "no-break space behind the colon": Hostile(good("topic: ", "topic:\u00a0"), 2, "no ordinary colon and space", "one space"),
    "fullwidth colon": Hostile(good("topic: ", "topic： "), 2, "no ordinary colon and space", "one space"),
    "no space behind the dash": Hostile(good("- id", "-id"), 2, "indented differently", "Line it up"),
    "dash twice": Hostile(good("- id", "- - id"), 2, "indented as if it went on", "line it up"),
    "dash forgotten": Hostile(GOOD + GOOD.replace("- id: emma", "  id: other"), 6, "twice (first on line 1)", "begin a line with '- id:'"),
    "answer on the next line, not indented": Hostile(good("answer: ", "answer:\n  "), 5, "no colon", "indent the line"),
    "block that is not indented": Hostile(good(HEROINE, "|9\n    x"), 5, "does not fit", "Line it up"),
    "a colon where a key should be": Hostile(good("  topic", "  : x\n  topic"), 2, "does not fit", "Line it up"),
    "null as a key": Hostile(good("  topic", "  ~: x\n  topic"), 2, 'no key "~"', "Known keys are"),
    "a number as a key": Hostile(good("  topic", "  1984: x\n  topic"), 2, 'no key "1984"', "Known keys are"),
    "key with a capital": Hostile(good("topic:", "Topic:"), 2, 'no key "Topic"', "Did you mean 'topic'?"),
    "zero-width space in a key": Hostile(good("topic:", "to\u200bpic:"), 2, "U+200B", "Type the key again"),
    "zero-width space in an id": Hostile(good("id: emma", "id: em\u200bma"), 1, "is no id", "a-z, 0-9 and -"),
    "a key of 2,000 letters": Hostile(good("  topic", f"  {'k' * 2000}: x\n  topic"), 2, "no colon", "key: text"),
    "traces of a merge": Hostile(GOOD + "<<<<<<< HEAD\n- id: a\n=======\n- id: b\n>>>>>>> x\n", 6, '"<<<<<<< HEAD"', "key: text"),
    "a web page": Hostile("<!DOCTYPE html>\n<html>\n<body>: x</body>\n</html>\n", 3, "colon inside", "double quotes"),
    "a sentence": Hostile("Emma is nice.\n", 1, "should be a list", "'- id: ...'"),
    "a list of names": Hostile("- emma\n", 1, "table of keys", "key: text"),
    "a list of nothing": Hostile("- \n- \n", 1, "table of keys", "key: text"),
    "nothing but comments": Hostile("# Nothing yet.\n", 1, "empty", "delete it"),
    "null": Hostile("~\n", 1, "should be a list", "'- id: ...'"),
    "two lists on a line": Hostile("[] []", 1, "does not fit", "Line it up"),
    "a picture": Hostile(b"\x89PNG\r\n\x1a\n\x01", 1, "not saved as UTF-8", "UTF-8"),
    "a ZIP": Hostile(b"PK\x03\x04\x14\x01\x01", 1, "U+0003", "Delete it"),
    "UTF-32": Hostile(GOOD.encode("utf-32"), 1, "UTF-16", "UTF-8"),
    "Windows quotes": Hostile(GOOD.replace("heroine", "“heroine”").encode("cp1252"), 3, "not saved as UTF-8", "UTF-8"),
    "UTF-8 that is too long": Hostile(GOOD.encode() + b"\xc0\xaf", 6, "not saved as UTF-8", "UTF-8"),
    "byte order mark inside": Hostile(good("Who Emma", "Who\ufeff Emma"), 2, "U+FEFF", "Delete it"),
    "isolated direction": Hostile(good("Who Emma", "Who \u2066Emma"), 2, "U+2066", "Delete it"),
    "line separator": Hostile(good("Who Emma", "Who\u2028Emma"), 2, "U+2028", "Delete it"),
    "delete": Hostile(good("Who Emma", "Who\x7fEmma"), 2, "U+007F", "Delete it"),
    "NUL": Hostile(good("Who Emma", "Who\x00Emma"), 1, "not a text file", "UTF-8"),
    "NUL by escape": Hostile(good("Who Emma is", '"Who\\0Emma"'), 2, "U+0000", "type the text again"),
    "surrogate by escape": Hostile(good("Who Emma is", '"Who\\ud83d"'), 2, "backslash", "single quotes"),
    # wrong types and sizes
    "table where an answer belongs": Hostile(good(HEROINE, "{txt: A.}"), 4, 'no key "txt"', "Did you mean 'text'?"),
    "list of no layers": Hostile(good(HEROINE, "[]"), 4, "too few items", "Add one"),
    "thirteen layers": Hostile(good(HEROINE, "[" + "a, " * 13 + "]"), 4, "too many items (12", "Take some out"),
    "table where asks belong": Hostile(good("asks: [", "asks: {").replace("house]", "house}"), 3, "should be a list", "'- '"),
    "asks in asks": Hostile(good("[who is emma", "[[who is emma]"), 3, "should be a text", "double quotes"),
    "an ask of 201 letters": Hostile(good("[who is emma", f"[{'w' * 201}"), 3, "longer than 200", "Shorten it"),
    "501 asks": Hostile(good("[who is emma", "[" + "x, " * 496 + "y"), 3, "too many items (500", "Take some out"),
    "an id of 41 letters": Hostile(good("id: emma", f"id: {'e' * 41}"), 1, "is no id", "up to 40"),
    "an integer of 10,000 digits": Hostile(good(HEROINE, "1" * 10_000), 4, "longer than 1500", "Shorten it"),
    "21 sources": Hostile(good("[essay]", "[" + "essay, " * 21 + "]"), 5, "too many items (20", "Take some out"),
    "thirteen tables in each other": Hostile("- " + "{a: " * 13 + "x" + "}" * 13, 1, "12 deep", "brackets"),
    # attacks
    "an object of Python's": Hostile(good(HEROINE, "!!python/object/apply:os.system [ls]"), 4, "tag", "double quotes"),
    "binary by tag": Hostile(good(HEROINE, "!!binary aGk="), 4, "tag", "double quotes"),
    "a table of itself": Hostile("- &a\n  id: *a\n", 1, "anchor", "double quotes"),
    "a table as a key of a key": Hostile("- ? {? {a: b} : c}\n  : d\n", 1, "where a key should be", "plain key"),
    "YAML directive": Hostile("%YAML 1.1\n---\n" + GOOD, 1, "begins with %", "delete the line"),
    "40,000 braces": Hostile("{" * 40_000, 1, "12 deep", "brackets"),
    # half written
    "cut in a key": Hostile(GOOD + "- id: other\n  top", 7, "no colon", "key: text"),
    "cut in a list": Hostile(GOOD + "- id: other\n  topic: O\n  asks: [a, b", 8, "not finished", "Close it"),
    "cut in quotes": Hostile(GOOD + '- id: other\n  topic: "Oth', 7, "never closed", "same quote"),
    "cut before the sources": Hostile(GOOD + "- id: other\n  topic: O\n  answer: A.\n", 6, "sources is missing", "Add a line"),
    "cut behind a dash": Hostile(GOOD + "-", 6, "table of keys", "key: text"),
    "cut in a letter": Hostile(GOOD.encode() + "- é".encode()[:-1], 6, "not saved as UTF-8", "UTF-8"),
    "emptied": Hostile(b"", 1, "empty", "delete it"),
    "JSON, cut": Hostile('[{"id": "emma", "topic": "Who', 1, "never closed", "same quote"),
    # other files of a book
    "book.yaml as a list": Hostile("- title: Emma\n", 1, "should be a table", "key: text", "book.yaml"),
    "book.yaml emptied": Hostile("", 1, "empty", "Write something", "book.yaml"),
    "title of a list": Hostile(HEAD.replace("title: Emma", "title: [Emma]"), 1, "should be a text", "double quotes", "book.yaml"),
    "a milestone gone": Hostile(PLOT + "  reveals: volume-two\n", 5, 'no milestone "volume-two"', "Did you mean 'volume-one'?", "plot.yaml"),
    "a plot point for everybody": Hostile(PLOT, 1, "must say which milestone", "reveals: volume-one", "plot.yaml"),
    "a long quote": Hostile(QUOTE.replace("A line.", "word " * 31), 3, "has 31 words", "Keep the best part", "quotes.yaml"),
    "a quote in layers": Hostile(QUOTE.replace("A line.", "[A, B]"), 3, "cannot have layers", "entry of its own", "quotes.yaml"),
    "a quote by nobody": Hostile(QUOTE.replace("  said_by: Emma\n", ""), 1, "said_by is missing", "Add a line", "quotes.yaml"),
    "a view on nothing": Hostile(VIEW.replace("acting", ""), 5, "is no about", "a-z, 0-9 and -", "views.yaml"),
    "an id in two files": Hostile(QUOTE.replace("id: q", "id: emma"), 1, "Two entries have the id", "of its own", "quotes.yaml"),
    "a question that is a table": Hostile("- what is it: so\n", 1, "should be a question", "double quotes", "unanswered.yaml"),
    "questions that are no list": Hostile("what: so\n", 1, "list of questions", "'- '", "unanswered.yaml"),
    "a prompt of a milestone gone": Hostile(PROMPT + "  milestone: volume-two\n", 4, 'no milestone "volume-two"', "Did you mean", "../../prompts/emma.yaml"),
    "a prompt about an entry gone": Hostile(PROMPT + "  entries: [emm]\n", 4, 'no entry "emm"', "Did you mean 'emma'?", "../../prompts/emma.yaml"),
    "a poll of one": Hostile(PROMPT + "  poll: [yes]\n", 4, "too few items (2", "Add one", "../../prompts/emma.yaml"),
}  # fmt: skip
"""Each is refused with an error."""


ADVICE: dict[str, Hostile] = {
    "comment swallows the text": Hostile(good("is the heroine", "is #1 here"), 4, '"#1 here." is lost', "double quotes"),
    "few asks": Hostile(good(", emma woodhouse, the heroine, main character of the book, tell me of miss woodhouse", ""), 3, "has 1 ask", "Add what a member"),
    "topic gives away": Hostile(good("Who Emma is", "Emma's engagement"), 2, '"engagement", which gives away Volume One', "give nothing away"),
    "text runs ahead": Hostile(good("the heroine.", "the heroine; an engagement follows."), 4, "gives away Volume One", "layer that reveals volume-one"),
    "ask twice": Hostile(
        GOOD + GOOD.replace("id: emma", "id: other").replace("emma woodhouse, the heroine, main character of the book, tell me of miss woodhouse", "b c, c d, d e, e f, f g"),
        8, "stands twice", "answers it best",
    ),
    "topic twice": Hostile(
        GOOD + GOOD.replace("id: emma", "id: other").replace("Who Emma is", "who emma is").replace("who is emma, emma woodhouse, the heroine, main character of the book, tell me of miss woodhouse", "b c, c d, d e, e f, f g"),
        7, "the same topic", "topic of its own",
    ),
    "ask finds another": Hostile(
        GOOD + "- id: other\n  topic: Box Hill\n  asks: [box hill, the picnic, outing in summer, excursion, who is emma woodhouse]\n  answer: A hill.\n  sources: [essay]\n",
        8, "nearer to emma", "move it there",
    ),
}  # fmt: skip
"""Each is taken, and the lint has something to say."""


HARMLESS: dict[str, Harmless] = {
    "Norway": Harmless(good(HEROINE, "no"), "no"),
    "yes": Harmless(good(HEROINE, "yes"), "yes"),
    "off": Harmless(good("Who Emma is", "off"), "off"),
    "null as a text": Harmless(good("Who Emma is", "null"), "null"),
    "tilde": Harmless(good("Who Emma is", "~"), "~"),
    "a time": Harmless(good(HEROINE, "19:00"), "19:00"),
    "a time that is none": Harmless(good(HEROINE, "25:61"), "25:61"),
    "a number in octal": Harmless(good(HEROINE, "010"), "010"),
    "a hexadecimal number": Harmless(good(HEROINE, "0x1F"), "0x1F"),
    "a year": Harmless(good("Who Emma is", "1984"), "1984"),
    "a version": Harmless(good(HEROINE, "1.10"), "1.10"),
    "underscores in a number": Harmless(good(HEROINE, "1_000"), "1_000"),
    "infinity": Harmless(good(HEROINE, ".inf"), ".inf"),
    "a date": Harmless(good(HEROINE, "2024-05-01"), "2024-05-01"),
    "a date that is none": Harmless(good(HEROINE, "2026-02-30"), "2026-02-30"),
    "asks like numbers": Harmless(good("[who is emma", "[0123, 1e3"), "0123"),
    "an equals sign": Harmless(good(HEROINE, "="), "="),
    "a merge sign as a text": Harmless(good(HEROINE, "<<"), "<<"),
    "Windows line ends": Harmless(GOOD.replace("\n", "\r\n"), HEROINE),
    "old Mac line ends": Harmless(GOOD.replace("\n", "\r"), HEROINE),
    "byte order mark": Harmless("\ufeff" + GOOD, HEROINE),
    "tab in a text": Harmless(good("Who Emma is", "Who\tEmma is"), "Who\tEmma is"),
    "tab behind a key": Harmless(good("answer: ", "answer:\t"), HEROINE),
    "tab at the end of a line": Harmless(good(HEROINE, HEROINE + "\t"), HEROINE),
    "tab inside brackets": Harmless(good("[essay]", "[\n\tessay]"), HEROINE),
    "no line end at the end": Harmless(GOOD.rstrip("\n"), HEROINE),
    "blank lines and comments": Harmless(f"\n\n# Emma\n{GOOD}\n   \n# end", HEROINE),
    "marks of a document": Harmless(f"---\n{GOOD}...\n", HEROINE),
    "JSON": Harmless('[{"id": "emma", "topic": "Emma", "answer": "no", "sources": ["essay"],},]', "no"),
    "a block with lines": Harmless(good(HEROINE, "|\n    50 % of it\n    # no comment"), "50 % of it\n# no comment"),
    "a folded block": Harmless(good(HEROINE, ">-\n    no\n    yes"), "no yes"),
    "a path of Windows": Harmless(good(HEROINE, r"C:\emma\new"), r"C:\emma\new"),
    "marks inside a text": Harmless(good(HEROINE, "R&B *and* C#, e.g. No.#1 || what?"), "R&B *and* C#, e.g. No.#1 || what?"),
    "two dashes": Harmless(good(HEROINE, "-- who"), "-- who"),
    "curly quotes around a text": Harmless(good(HEROINE, "“Emma”, she said"), "“Emma”, she said"),
    "everybody called": Harmless(good(HEROINE, '"@everyone"'), "@everyone"),
    "emoji": Harmless(good(HEROINE, "👩‍👩‍👧 🇳🇴 👍🏽"), "👩‍👩‍👧 🇳🇴 👍🏽"),
    "Hebrew": Harmless(good(HEROINE, "שלום עולם"), "שלום עולם"),
    "letters with many marks": Harmless(good(HEROINE, "W\u0301\u0302\u0303ho"), "W\u0301\u0302\u0303ho"),
    "no-break space in a text": Harmless(good(HEROINE, "10\u00a0km"), "10\u00a0km"),
}  # fmt: skip
"""Each is taken, and its texts are as they were typed."""
