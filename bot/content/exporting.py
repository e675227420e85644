"""A book as a server has it -> the files that moderators edit, and that the loader reads again."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from bot.book.book import CLUB, Book
from bot.book.entries import Entry, body_key
from bot.book.overlay import entry_table
from bot.content.nodes import plain
from bot.content.parsing import parse
from bot.content.reading import MAX_BYTES, decode

_KINDS = {"facts": "fact", "quotes": "quote", "plot": "plot", "views": "view"}
_SCHEMA = "# yaml-language-server: $schema=../schema/{}.schema.json\n"
_LONGEST = 1_000_000
"""Characters of a line: none is broken, for a break beside an odd space would not be read again."""


def archive(book: Book) -> bytes:
    """The book's files in a ZIP, with the folders that they belong in. The same book always gives the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archived:
        for name, data in exported(book).items():
            archived.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def exported(book: Book) -> Mapping[str, bytes]:
    """The book's files by their paths, as `knowledge/tiny/facts.yaml`; none larger than the loader takes."""
    folder = f"knowledge/{book.slug}"
    head = book.head.model_dump(mode="json", exclude_defaults=True)
    cited = {source for entry in book.entries for source in entry.sources}
    if CLUB.id in cited - {source.id for source in book.head.sources}:
        head["sources"].append(CLUB.model_dump(mode="json", exclude_defaults=True))
    files = {f"{folder}/book.yaml": _file("book", head)}
    for stem, kind in _KINDS.items():
        tables = [_written(entry) for entry in book.entries if entry.kind == kind]
        parts = list(_parts(stem, tables))
        for number, part in enumerate(parts, 1):
            files[f"{folder}/{stem}{f'-{number:02}' if len(parts) > 1 else ''}.yaml"] = part
    if book.unanswered:
        files[f"{folder}/unanswered.yaml"] = _file("unanswered", list(book.unanswered))
    if book.prompts:
        prompts = [prompt.model_dump(mode="json", exclude_defaults=True) for prompt in book.prompts]
        schema = _SCHEMA.replace("../", "../knowledge/")
        files[f"prompts/{book.slug}.yaml"] = _file("prompts", prompts, schema)
    return files


def _written(entry: Entry) -> dict[str, Any]:
    """The entry as people write it: a single layer is a plain text.

    Who may read a text stands before it, and the sources, without which no entry is taken, come last: so a file that is cut
    short shows nothing to more readers than before, and no half text.
    """
    table = entry_table(entry)
    sources, key = table.pop("sources"), body_key(entry)
    layers = [dict(reversed(layer.items())) for layer in table.pop(key)]
    if len(layers) == 1:
        text = layers[0].pop("text")
        return {**table, **layers[0], key: text, "sources": sources}
    return {**table, key: layers, "sources": sources}


def _parts(stem: str, tables: Sequence[dict[str, Any]]) -> Iterator[bytes]:
    """The tables in as few files as the loader's limit allows."""
    if not tables:
        return
    whole = _file(stem, tables)
    if len(whole) <= MAX_BYTES:
        yield whole
    else:
        half = len(tables) // 2
        yield from _parts(stem, tables[:half])
        yield from _parts(stem, tables[half:])


def _file(stem: str, document: object, schema: str = _SCHEMA) -> bytes:
    readable = schema.format(stem) + _dumped(document, allow_unicode=True)
    if _reads_as(readable, document):
        return readable.encode()
    # Something in it means more to a YAML reader than to a person: every text in quotes, and all else escaped.
    return (schema.format(stem) + _dumped(document, default_style='"')).encode()


def _reads_as(text: str, document: object) -> bool:
    read = decode(text.encode(), "")
    if not isinstance(read, str):
        return False
    node = parse(read, "").node
    return node is not None and plain(node) == document


def _dumped(document: object, **style: Any) -> str:  # noqa: ANN401 - PyYAML's own options
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=_LONGEST, **style)
    return text


class _Dumper(yaml.SafeDumper):
    """Without anchors, which the loader refuses."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - as in PyYAML
        return True
