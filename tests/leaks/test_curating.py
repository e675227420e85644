"""A moderator who has not read the book works through all of /knowledge: nothing beyond their progress stands in the clear.

`BOOKCLUB_FUZZ=20000` puts as many cases as that divided by twenty.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.book.entries import Entry, Piece
from bot.book.overlay import Change, Edit, Edited, Hidden, mark_of
from bot.book.spoilers import Audience, Horizon
from bot.club.asking import Asking
from bot.club.club import Club
from bot.club.memory import Memory
from bot.club.ports import Server
from bot.discord_app.desk import Desk
from tests.discord.contract import components
from tests.discord.server import ALICE, GUILD, OWNER, Asked
from tests.discord.world import Clock
from tests.leaks.books import NEVER, PARTS, Tainted, tainted, tokens_in
from tests.leaks.checks import body_leaks
from tests.leaks.stage import Stage

CASES = int(os.environ.get("BOOKCLUB_FUZZ", "240")) // 20
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


class Curator:
    """A moderator of one club, whose book has been edited by others, and all that was sent meanwhile."""

    def __init__(self, stage: Stage, made: Tainted, rank: int, random: Random) -> None:
        self.stage, self.made, self.random = stage, made, random
        self.audience = Audience(Horizon(rank), Horizon(3))
        self.memory = Memory()
        self.memory.servers[GUILD] = Server(book=made.book.slug, misses=True)
        if rank:
            self.memory.milestones[OWNER, made.book.slug] = PARTS[rank - 1]
        self.numbers = count(900_000)
        for entry in made.book.entries:
            self._asks_of(entry)
        stage.client.desk = Desk(Club({made.book.slug: Asking(made.book)}, self.memory, random), Clock())
        stage.log.lines.clear()
        self.start = len(stage.server.requests)
        self.pressed: set[str] = set()

    def token(self, rank: int) -> str:
        name = f"zq{next(self.numbers):06}"
        self.made.rank[name] = rank
        return name

    def _asks_of(self, entry: Entry) -> None:
        # A moderator who has read all of an entry may see its asks; its id nobody.
        rank = self.made.book.ranks[entry.pieces[-1].reveals]
        for ask in entry.asks:
            self.made.rank.update(dict.fromkeys(tokens_in(ask), rank))

    def edit(self, entry: Entry) -> Edit:
        if self.random.random() < 0.25:
            return Hidden(mark_of(entry))
        last = self.random.randint(self.made.book.ranks[entry.reveals], 3)
        layer = Piece(text=f"ours {self.token(last)}", reveals=PARTS[last - 1] if last else None)
        pieces = entry.pieces if entry.kind == "quote" else (entry.pieces[0], layer)
        ask = f"of {self.token(self.made.book.ranks[pieces[-1].reveals])}"
        changed = entry.model_copy(update={"pieces": pieces, "asks": (*entry.asks[:1], ask)})
        return Edited(changed, self.random.choice([mark_of(entry), None]))

    async def others(self) -> None:
        """What other moderators and members did before."""
        slug, entries = self.made.book.slug, self.made.book.entries
        states: dict[str, Edit | None] = {}
        for _ in range(3):
            changes = []
            for entry in self.random.sample(entries, self.random.randint(1, len(entries))):
                after = self.random.choice([self.edit(entry), self.edit(entry), None])
                changes.append(Change(entry.id, states.get(entry.id), after))
                states[entry.id] = after
            await self.memory.revise(GUILD, slug, tuple(changes), ALICE, "Edited", NOW)
        for entry in entries:
            # A topic that the server has removed is none here, so a member's word for it tells nothing.
            if not isinstance(states.get(entry.id), Hidden):
                unmeant = self.random.random() < 0.5
                await self.memory.note_miss(GUILD, slug, ALICE, entry.topic, NOW, not_meant=unmeant)
            rank = self.random.randint(0, 3)
            await self.memory.contribute(
                GUILD, slug, ALICE, self.random.choice(["fact", "quote", "correction"]), f"say {self.token(rank)}", NOW,
                where=f"at {self.token(rank)}", milestone=PARTS[rank - 1] if rank else None,
                entry=self.random.choice([entry.id, None]),
            )  # fmt: skip

    async def everything(self) -> None:
        """Every command and press, with topics that they can know."""
        server = self.stage.server
        shown = [
            one
            for one in self.made.book.entries
            if self.audience.progress.shows_start_of(self.made.book, one)
        ]
        topics = [one.topic[:100] for one in shown][:2] or ["ruth"]
        given: list[tuple[str, dict[str, str | int]]] = [
            ("check", {}),
            ("misses", {}),
            ("suggestions", {}),
            ("history", {}),
            ("add", {"kind": "fact"}),
        ]
        given += [("history", {"revision": number}) for number in (1, 2, 3)]
        given += [("restore", {"revision": number}) for number in (0, 1, 2)]
        for topic in topics:
            given += [(name, {"entry": topic}) for name in ("edit", "remove", "history")]
            given += [
                ("preview", {"entry": topic, "as": place}) for place in ("nothing", "part two", "finished")
            ]
            given += [("restore", {"revision": 1, "entry": topic})]
        for name, options in given:
            asked = await server.slash(f"knowledge {name}", options, member=OWNER)
            await self._press_all(asked, 2)
        for name in ("edit", "remove", "preview", "history", "restore"):
            for typed in ("", topics[0][:20], "ours"):
                await server.choices(f"knowledge {name}", "entry", typed, member=OWNER)
        await server.choices("knowledge restore", "revision", "", member=OWNER)
        await self.stage.client.desk.club.finish()

    async def _press_all(self, asked: Asked, depth: int) -> None:
        if asked.message is None:
            return
        for part in list(components(asked.message.get("components"))):
            custom_id = part.get("custom_id")
            if (
                custom_id is None
                or custom_id in self.pressed
                or custom_id.startswith(("save", "dismiss", "leave"))
            ):
                continue
            self.pressed.add(custom_id)
            picked = [option["value"] for option in part.get("options", ())][-1:]
            told = await self.stage.server.press(asked.message, custom_id, *picked, member=OWNER)
            if told.kind == 9:
                told = await self.stage.server.submit(
                    told.data, {"text": "as it is"}, asked.message, member=OWNER
                )
            if told.kind == 7:
                told.message = self.stage.server.messages[int(told.source["id"])]
            if depth:
                await self._press_all(told, depth - 1)

    def problems(self) -> Iterator[str]:
        """All that should not have been sent or logged."""
        never = {token for token, rank in self.made.rank.items() if rank == NEVER}
        for _, path, body in self.stage.server.requests[self.start :]:
            if isinstance(body, dict):
                found = list(body_leaks(self.made, self.audience, body, to_all=False))
                found += [f"{token} is an id" for token in tokens_in(json.dumps(body)) & never]
                yield from (f"{path}: {problem}: {json.dumps(body)[:900]}" for problem in found)
        for line in self.stage.log.lines:
            yield from (f"the log: {token}: {line}" for token in tokens_in(line))
            if " ERROR " in line:
                yield f"the log: {line}"


def test_a_moderator_is_shown_nothing_beyond_their_progress(stage: Stage) -> None:
    seen: dict[str, int] = {}

    @settings(max_examples=CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(tainted(), st.integers(0, 3), st.integers(0, 2**32))
    def holds(made: Tainted, rank: int, seed: int) -> None:
        curator = Curator(stage, made, rank, Random(seed))

        async def all_of_it() -> None:
            await curator.others()
            await curator.everything()

        stage.runner.run(all_of_it())
        assert list(curator.problems()) == []
        for _, _, body in stage.server.requests[curator.start :]:
            told: Any = body.get("data") if isinstance(body, dict) else None
            if told and "custom_id" in told:
                seen["forms"] = seen.get("forms", 0) + 1
            for word in (
                "Edits of this server",
                "Asked",
                "A member",
                "changed since you edited it",
                "**New",
                "**Gone",
                "**Changed",
            ):
                if word in json.dumps(body):
                    seen[word] = seen.get(word, 0) + 1

    holds()
    assert {"forms", "Edits of this server", "Asked", "A member", "**Gone", "**Changed"} <= seen.keys()
