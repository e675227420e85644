"""A reply -> Discord's markdown, and the same without backslashes for a plain terminal."""

from collections.abc import Callable

from bot.replies.reply import Block, Heading, Item, Note, Reply, Shown, Veiled, When
from bot.replies.veiling import barred, escaped


def markdown(reply: Reply) -> str:
    """All that a reader would see, as Discord's markdown: what `ask --json` calls `text`."""
    return _written(reply, block_markdown, escaped)


def plain(reply: Reply) -> str:
    """All that a reader would see, bars included, as a person reads it: no backslashes, no marks for size or weight."""
    return _written(reply, _plain_block, lambda text: " ".join(text.split()))


def displays(reply: Reply) -> list[str]:
    """The reply's blocks as the texts of separate Discord text components, choices left out.

    What stands in the clear is run together; each veiled text stands alone in its own, for nothing beside it can then
    open its bars.
    """
    texts: list[str] = []
    clear: list[str] = []
    for block in reply.blocks:
        match block:
            case Veiled(label, text, lines):
                bars = barred(text, lines=lines)
                if bars:
                    texts += ["\n".join([*clear, escaped(label)]), bars]
                    clear = []
            case _:
                clear.append(block_markdown(block))
    if clear:
        texts.append("\n".join(clear))
    return [text for text in texts if text.strip()]


def block_markdown(block: Block) -> str:
    """One block. A veiled one is its label and, on a line of its own, the text between bars."""
    match block:
        case Heading(text):
            return f"**{escaped(text)}**"
        case Shown(text):
            return escaped(text)
        case Item(text):
            return f"- {escaped(text)}"
        case Note(text):
            return f"-# {escaped(text)}"
        case Veiled(label, text):
            return f"{escaped(label)}\n{barred(text)}"
        case When(moment, text, who):
            stamp = int(moment.timestamp())
            by = f" · <@{who}>" if who else ""
            return f"- <t:{stamp}:F> (<t:{stamp}:R>) {escaped(text)}{by}".rstrip()


def _plain_block(block: Block) -> str:
    match block:
        case Heading(text) | Shown(text) | Note(text):
            return " ".join(text.split())
        case Item(text):
            return f"- {' '.join(text.split())}"
        case Veiled(label, text):
            return f"{label}\n{barred(text)}"
        case When(moment, text, _):
            return f"- {moment:%d %B %Y %H:%M %Z} {' '.join(text.split())}".rstrip()


def _written(reply: Reply, written: Callable[[Block], str], words: Callable[[str], str]) -> str:
    lines = [line for block in reply.blocks if (line := written(block))]
    if reply.choices and reply.offer == "did you mean":
        lines += [f"{number}. {words(choice.topic)}" for number, choice in enumerate(reply.choices, 1)]
    elif reply.choices:
        related = " · ".join(words(choice.topic) for choice in reply.choices)
        lines.append(f"{written(Note('Related:'))} {related}")
    return "\n".join(lines)
