"""The club in a terminal: one reader's lines in, replies out. The same services and replies as in Discord."""

from collections.abc import Callable
from dataclasses import replace

from bot.book.spoilers import Audience, Horizon
from bot.club.club import Club
from bot.club.progress import NotUnderstood, Reached, read_progress
from bot.replies.addressing import plot_page
from bot.replies.answers import list_reply, message_reply, prompt_reply, reply_to
from bot.replies.reply import Note, Reply, Veiled

READER = 0
"""The one member, and the one place, that a terminal has."""


class Session:
    """Takes one line at a time and returns what to show. Remembers the last reply, for numbers and `/reveal`."""

    def __init__(self, club: Club) -> None:
        self._club = club
        self._asking = club.asking
        self._book = club.book
        self._last = Reply(())
        self._opened: frozenset[int] = frozenset()
        self._commands: dict[str, tuple[str, str, Callable[[str], Reply]]] = {
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
            "/reveal": ("[NUMBER]", "open a spoiler of the last reply, or all of them", self._reveal),
            "/help": ("", "this list", self._help),
            "/quit": ("", "leave", self._help),
        }

    @property
    def horizon(self) -> Horizon:
        """What the reader may see in the clear now."""
        return self._audience.progress

    @property
    def opened(self) -> frozenset[int]:
        """The numbers of the last reply's veiled blocks that the reader has opened, counted from 1."""
        return self._opened

    def take(self, line: str) -> Reply:
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
        reply = handler(rest.strip())
        if handler != self._reveal:
            self._last, self._opened = reply, frozenset()
        return reply

    @property
    def _audience(self) -> Audience:
        return self._club.audience(READER, None)

    def _ask(self, question: str) -> Reply:
        if not question:
            return message_reply("Ask me something about the book.", "For instance: who plays Kathy?")
        return reply_to(self._asking.answer(question), self._book, self.horizon)

    def _pick(self, number: str) -> Reply:
        choice = self._last.choices[int(number) - 1]
        picked = self._asking.told([self._book.digest_of(choice.entry)])
        return reply_to(picked, self._book, self.horizon)

    def _quote(self, about: str) -> Reply:
        return reply_to(self._asking.quote(about, self.horizon, self._club.random), self._book, self.horizon)

    def _views(self, about: str) -> Reply:
        if not about:
            titles = [aspect.title for aspect in self._book.head.aspects]
            return message_reply("Name something, for instance: /views the acting", "; ".join(titles))
        return reply_to(self._asking.views(about), self._book, self.horizon)

    def _plot(self, about: str) -> Reply:
        number = int(about) if about.isdecimal() and len(about) < 4 else 1
        points = self._asking.plot("" if about.isdecimal() else about)
        page = plot_page(points, self._book, self._audience, number)
        if page.number == page.count:
            return page.reply
        more = Note(f"/plot {page.number + 1} for more")
        return replace(page.reply, blocks=(*page.reply.blocks, more))

    def _prompt(self, theme: str) -> Reply:
        prompt = self._club.prompt(self._audience, READER, theme)
        return prompt_reply(prompt, self._book, self.horizon, theme)

    def _progress(self, words: str) -> Reply:
        milestones = [milestone.title for milestone in self._book.head.milestones]
        if not words:
            now = self._club.store.progress(READER, self._book.slug)
            titles = {milestone.id: milestone.title for milestone in self._book.head.milestones}
            told = (
                f"You have finished {titles[now]}." if now else "You have read nothing yet, as far as I know."
            )
            return message_reply(
                told,
                "Set it with /progress and one of: "
                + ", ".join([*milestones, "a chapter", "finished", "nothing"]),
            )
        match read_progress(self._book, words):
            case Reached(milestone):
                self._club.store.set_progress(READER, self._book.slug, milestone.id if milestone else None)
                if milestone is None:
                    return message_reply("Noted: nothing read. I will veil whatever gives something away.")
                return message_reply(f"Noted: you have finished {milestone.title}.")
            case NotUnderstood():
                return message_reply(
                    "I do not know that place in the book.",
                    "Say one of: "
                    + ", ".join([*milestones, "a chapter such as ch 12", "finished", "nothing"]),
                )

    def _reveal(self, number: str) -> Reply:
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

    def _help(self, _: str) -> Reply:
        lines = [
            f"{name} {takes}".rstrip() + f": {does}" for name, (takes, does, _) in self._commands.items()
        ]
        return list_reply("Type a question, or a number to choose from the last reply, or:", lines)
