"""What schedules will post is told beforehand as it then comes: in Discord's previews and on the command line."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from bot.book.book import Book
from bot.book.plan import Step
from bot.book.recurrence import Recurrence, Weekly, next_after
from bot.book.schedules import Extras, Job, Schedule, Scheduled
from bot.cli import main
from bot.club.asking import Asking
from bot.club.beginning import Begun, begun
from bot.club.club import Club
from bot.club.forecasting import forecast
from bot.club.memory import Memory
from bot.store.opening import open_store

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def schedule(
    number: int, slug: str, *, at: time = time(19), channel: int = 1, plan: tuple[Step, ...] = ()
) -> Schedule:
    rule = Recurrence(days=Weekly(days=frozenset(range(7))), at=at, zone="Europe/London")
    return Schedule(
        id=f"{number:012x}",
        server=1,
        channel=channel,
        book=slug,
        rule=rule,
        author=1,
        plan=plan,
        extras=Extras(),
    )


def waiting(made: Schedule) -> Scheduled:
    return Scheduled(made, next_after(made.rule, NOW))


async def test_it_comes_as_it_was_told(asking: Asking) -> None:
    book, memory = asking.book, Memory()
    plan = (
        Step(until=date(2026, 12, 1), milestone="part-one"),
        Step(until=date(2026, 12, 20), milestone="part-three"),
    )
    both = [
        schedule(1, book.slug, plan=plan),
        schedule(2, book.slug, at=time(7)),
        schedule(3, book.slug, channel=2),
    ]
    for made in both:
        await memory.add_schedule(waiting(made))
    await memory.suggest(1, book.slug, "Which song would be yours?", "part-one")
    await memory.approve(1, 1, "part-one")
    club = Club({book.slug: asking}, memory, Random(1))
    told = list(islice(await forecast({book.slug: book}, memory, await memory.schedules()), 150))
    assert [one.occurrence.due for one in told] == sorted(one.occurrence.due for one in told)
    assert {one.opens for one in told} == {None, "part-one", "part-three"}
    assert any(one.prompt and one.prompt.id == "own-1" for one in told)
    memory.jobs.clear()
    for one in told:
        job = Job(one.schedule, one.occurrence, one.occurrence.due, "done")
        found = await begun(club, job)
        assert isinstance(found, Begun)
        assert (found.post.prompt, found.post.opens) == (one.prompt.id if one.prompt else None, one.opens)
        assert await memory.add_job(replace(job, post=found.post), found.opening)


async def test_a_book_that_is_gone_and_a_schedule_that_ended_post_nothing(book: Book) -> None:
    memory = Memory()
    await memory.add_schedule(waiting(schedule(1, "gone")))
    await memory.add_schedule(Scheduled(schedule(2, book.slug), None))
    assert list(await forecast({book.slug: book}, memory, await memory.schedules())) == []


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BOOKCLUB_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path / "data"


def test_on_the_command_line_before_the_bot_ever_ran(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schedule", "preview"]) == 1
    assert "has not run" in capsys.readouterr().err
    assert not data.exists(), "a look leaves nothing behind"


def test_on_the_command_line(book: Book, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def keep() -> None:
        store = await open_store(data)
        made = schedule(1, book.slug, plan=(Step(until=date(2020, 1, 1), milestone="part-one"),))
        await store.add_schedule(Scheduled(made, next_after(made.rule, datetime.now(UTC))))
        await store.close()

    asyncio.run(keep())
    assert main(["schedule", "preview", "--weeks", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "active    channel 1  every day at 19:00, Europe/London time"
    posts = [line for line in lines[2:] if "channel 1 " in line]
    assert len(posts) in {13, 14, 15}
    assert book.prompts[0].question in posts[0]
    assert lines[3].strip() == "opens the channel up to Part One"
    first = datetime.strptime(posts[0][:21].strip()[:21], "%a %d %b %Y %H:%M").replace(tzinfo=UTC)
    assert abs(first - datetime.now(UTC)) < timedelta(days=2)


@pytest.mark.parametrize("weeks", ["0", "-1", "x", "521", "9" * 50])
def test_weeks_that_cannot_be_meant_are_refused(weeks: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["schedule", "preview", "--weeks", weeks])
    assert ended.value.code == 2
    assert "520" in capsys.readouterr().err
