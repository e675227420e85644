"""The club in a terminal: one reader's lines in, replies out. The same services and replies as in Discord."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.book.progress import Reached, read_progress
from bot.book.spoilers import Horizon
from bot.club.club import Club, Here
from bot.replies.addressing import plot_page, recap_page
from bot.replies.answers import list_reply, message_reply, prompt_reply, reply_to
from bot.replies.house import noted_reply, place_reply
from bot.replies.reply import Note, Page, Reply, Veiled

READER = 0
"""The one member, and the one place, that a terminal has."""

Handler = Callable[[Here, str], Awaitable[Reply]]


class Session:
    """Takes one line at a time and returns what to show. Remembers the last reply, for numbers and `/reveal`."""

    def __init__(self, club: Club) -> None:
        self._club = club
        self._last = Reply(())
        self._opened: frozenset[int] = frozenset()
        self._commands: dict[str, tuple[str, str, Handler]] = {
            "/ask": ("QUESTION", "answer a question; typing it without /ask does the same", self._ask),
            "/quote": ("[ABOUT]", "a quote on something, or any", self._quote),
            "/plot": ("[ABOUT or PAGE]", "what happens, in order, always veiled", self._plot),
            "/views": ("ABOUT", "what the reviewers think of something, side by side", self._views),
            "/prompt": ("[THEME]", "the next question to discuss", self._prompt),
            "/progress": (
                "[PART or CHAPTER]",
                "how far you have read, for instance: part one, ch 12, finished",
                self._progress,
            ),
            "/recap": ("[PAGE]", "the story so far, up to where you are", self._recap),
            "/reveal": ("[NUMBER]", "open a spoiler of the last reply, or all of them", self._reveal),
            "/help": ("", "this list", self._help),
            "/quit": ("", "leave", self._help),
        }

    @property
    def opened(self) -> frozenset[int]:
        """The numbers of the last reply's veiled blocks that the reader has opened, counted from 1."""
        return self._opened

    async def horizon(self) -> Horizon:
        """What the reader may see in the clear now."""
        return (await self._here()).audience.progress

    async def take(self, line: str) -> Reply:
        """The reply to one line."""
        line = line.strip()
        word, _, rest = line.partition(" ")
        if word.casefold() in self._commands:
            handler = self._commands[word.casefold()][2]
        elif word.startswith("/"):
            return message_reply("There is no such command.", "/help lists them all.")
        elif line.isdecimal() and len(line) < 3 and 0 < int(line) <= len(self._last.choices):
            handler, rest = self._pick, line
        else:
            handler, rest = self._ask, line
        reply = await handler(await self._here(), rest.strip())
        if handler != self._reveal:
            self._last, self._opened = reply, frozenset()
        return reply

    async def _here(self) -> Here:
        here = await self._club.here(READER, None, READER)
        if not isinstance(here, Here):
            raise TypeError("the demo's club reads one book")
        return here

    async def _ask(self, here: Here, question: str) -> Reply:
        if not question:
            return message_reply("Ask me something about the book.", "For instance: who plays Kathy?")
        return reply_to(here.asking.answer(question), here.book, here.audience.progress)

    async def _pick(self, here: Here, number: str) -> Reply:
        choice = self._last.choices[int(number) - 1]
        picked = here.asking.told([here.book.digest_of(choice.entry)])
        return reply_to(picked, here.book, here.audience.progress)

    async def _quote(self, here: Here, about: str) -> Reply:
        horizon = here.audience.progress
        return reply_to(here.asking.quote(about, horizon, self._club.random), here.book, horizon)

    async def _views(self, here: Here, about: str) -> Reply:
        if not about:
            titles = [aspect.title for aspect in here.book.head.aspects]
            return message_reply("Name something, for instance: /views the acting", "; ".join(titles))
        return reply_to(here.asking.views(about), here.book, here.audience.progress)

    async def _plot(self, here: Here, about: str) -> Reply:
        number = int(about) if about.isdecimal() and len(about) < 4 else 1
        points = here.asking.plot("" if about.isdecimal() else about)
        return _with_more(plot_page(points, here.book, here.audience, number), "/plot")

    async def _recap(self, here: Here, typed: str) -> Reply:
        number = int(typed) if typed.isdecimal() and len(typed) < 4 else 1
        return _with_more(recap_page(here.book, here.audience, number), "/recap")

    async def _prompt(self, here: Here, theme: str) -> Reply:
        prompt = await self._club.prompt(here, theme)
        return prompt_reply(prompt, here.book, here.audience.progress, theme)

    async def _progress(self, here: Here, words: str) -> Reply:
        if not words:
            return place_reply(here.book, await self._club.store.progress(READER, here.book.slug))
        read = read_progress(here.book, words)
        if isinstance(read, Reached):
            await self._club.keep_progress(READER, here.book, read)
        return noted_reply(here.book, read)

    async def _reveal(self, _: Here, number: str) -> Reply:
        veiled = sum(isinstance(block, Veiled) for block in self._last.blocks)
        if not veiled:
            return message_reply("The last reply has no spoiler to open.")
        if not number:
            self._opened = frozenset(range(1, veiled + 1))
        elif number.isdecimal() and len(number) < 4 and 0 < int(number) <= veiled:
            self._opened |= {int(number)}
        else:
            return message_reply(f"Say /reveal and a number from 1 to {veiled}, or /reveal alone for all.")
        return self._last

    async def _help(self, _: Here, __: str) -> Reply:
        lines = [
            f"{name} {takes}".rstrip() + f": {does}" for name, (takes, does, _) in self._commands.items()
        ]
        return list_reply("Type a question, or a number to choose from the last reply, or:", lines)


def _with_more(page: Page, command: str) -> Reply:
    if page.number == page.count:
        return page.reply
    more = Note(f"{command} {page.number + 1} for more")
    return replace(page.reply, blocks=(*page.reply.blocks, more))
