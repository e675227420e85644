"""A reply too long for one message -> several, each whole: no block is cut inside its bars."""

from dataclasses import replace

from bot.replies.markdown import displays
from bot.replies.reply import Block, Heading, Item, Note, Reply, Shown, Veiled, When

CHARACTERS = 3500
"""What one message may hold of Discord's 4,000, so that the page's number and a later label still fit."""

DISPLAYS = 30
"""How many texts one message may hold; with container, rows and buttons it stays below Discord's 40 components."""

_PIECE = 1700
"""A longer text is cut: with each of its characters escaped it would not fit."""


def pages(reply: Reply) -> tuple[Reply, ...]:
    """The reply on as many pages as it needs; choices stand on each. One page comes back as it is."""
    found: list[tuple[Block, ...]] = []
    page: tuple[Block, ...] = ()
    for block in (piece for whole in reply.blocks for piece in _pieces(whole)):
        if page and not _fits((*page, block)):
            # A heading belongs to what follows it.
            kept = page[:-1] if len(page) > 1 and isinstance(page[-1], Heading) else page
            found.append(kept)
            page = page[len(kept) :]
        page = (*page, block)
    found.append(page)
    return tuple(replace(reply, blocks=blocks) for blocks in found) if len(found) > 1 else (reply,)


def numbered(reply: Reply, number: int, count: int, said: str = "") -> Reply:
    """The page with its number below; one alone gets none. `said` stands behind the number."""
    if count == 1:
        return reply
    return replace(reply, blocks=(*reply.blocks, Note(f"Page {number} of {count}{said}")))


def _fits(blocks: tuple[Block, ...]) -> bool:
    texts = displays(Reply(blocks))
    return len(texts) <= DISPLAYS and sum(map(len, texts)) <= CHARACTERS


def _pieces(block: Block) -> list[Block]:
    """The block, or its text in pieces that each fit on a page."""
    if len(block.text) <= _PIECE:
        return [block]
    texts = _cut(" ".join(block.text.split()))
    match block:
        case Heading():
            return [Heading(text) for text in texts]
        case Shown():
            return [Shown(text) for text in texts]
        case Item():
            return [Item(text) for text in texts]
        case Note():
            return [Note(text) for text in texts]
        case Veiled(label, whole, lines=True):
            return [Veiled(label, text, lines=True) for text in _cut(whole)]
        case Veiled(label, _):
            return [Veiled(label, text) for text in texts]
        case When(moment, _, who):
            return [When(moment, text, who) for text in texts]


def _cut(text: str) -> list[str]:
    """Pieces of at most 1,700 characters, cut at a space where there is one in the second half."""
    found = []
    while len(text) > _PIECE:
        space = text.rfind(" ", _PIECE // 2, _PIECE + 1)
        at = space if space > 0 else _PIECE
        found.append(text[:at])
        text = text[at:].lstrip()
    return [*found, text] if text else found
