"""`/schedule` and `/prompt suggest`: what moderators do with schedules, and what anybody else cannot."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from bot.book.recurrence import MonthlyByWeekday, Weekly
from bot.book.schedules import Schedule
from bot.club.asking import Asking
from bot.club.ports import Server
from tests.discord.posting import Stage, a_stage, pressable
from tests.discord.server import ALICE, GENERAL, GUILD, OWNER, ROLE, Asked, Can
from tests.discord.world import in_the_clear, text_of

STAMP = re.compile(r"<t:(\d+):F>")


@pytest.fixture
async def stage(asking: Asking) -> AsyncIterator[Stage]:
    async with a_stage(asking) as found:
        found.memory.servers[GUILD] = Server(timezone="Europe/London")
        yield found


async def ask(stage: Stage, command: str, **options: str | int | bool) -> Asked:
    """A moderator's command; what is answered is theirs alone."""
    asked = await stage.server.slash(command, {**options}, member=OWNER)
    assert asked.ephemeral
    return asked


async def made(stage: Stage, **options: str | int | bool) -> Schedule:
    """A schedule that was added and saved."""
    asked = await ask(stage, "schedule add", **{"days": "monday", "time": "7pm", **options})
    await stage.server.press(asked.message, pressable(asked.message)["Save"], member=OWNER)
    return list(stage.memory.made.values())[-1]


async def test_the_next_five_posts_are_shown_before_anything_is_saved(stage: Stage) -> None:
    asked = await ask(stage, "schedule add", days="every other tuesday", time="19:30")
    shown = text_of(asked.data)
    assert "#general: every second Tuesday at 19:30, Europe/London time" in shown
    moments = [datetime.fromtimestamp(int(stamp), UTC) for stamp in STAMP.findall(shown)]
    assert len(moments) == 5
    assert all(one.weekday() == 1 for one in moments)
    assert {b.date() - a.date() for a, b in pairwise(moments)} == {timedelta(days=14)}
    assert stage.memory.made == {}

    saved = await stage.server.press(asked.message, pressable(asked.message)["Save"], member=OWNER)
    assert "Saved" in text_of(saved.data)
    (schedule,) = stage.memory.made.values()
    (waiting,) = stage.memory.jobs.values()
    assert waiting.occurrence.due == moments[0]
    assert (schedule.server, schedule.channel, schedule.author) == (GUILD, GENERAL, OWNER)

    twice = await stage.server.press(asked.message, pressable(asked.message)["Save"], member=OWNER)
    assert "no longer" in text_of(twice.data)
    assert len(stage.memory.made) == 1


async def test_a_schedule_that_is_not_wanted_is_forgotten(stage: Stage) -> None:
    asked = await ask(stage, "schedule add", days="daily", time="noon")
    await stage.server.press(asked.message, pressable(asked.message)["Forget it"], member=OWNER)
    saved = await stage.server.press(asked.message, pressable(asked.message)["Save"], member=OWNER)
    assert "no longer" in text_of(saved.data)
    assert stage.memory.made == {}


async def test_every_option_is_kept(stage: Stage) -> None:
    book = stage.client.desk.club.books[stage.slug].book
    theme = book.prompts[0].theme
    schedule = await made(
        stage, days="last friday", time="7pm", timezone="Asia/Kolkata", thread=True, poll=True, role=ROLE + 1,
        silent=True, pin=True, theme=theme, start="2080-01-01", end="2081-01-01",
        plan="Part One until 3 March 2080, Part Two until 17 March 2080",
    )  # fmt: skip
    assert schedule.rule.days == MonthlyByWeekday(nth=-1, weekday=4)
    assert (schedule.rule.zone, schedule.rule.start, schedule.rule.end) == (
        "Asia/Kolkata", date(2080, 1, 1), date(2081, 1, 1),
    )  # fmt: skip
    extras = schedule.extras
    assert (extras.thread, extras.poll, extras.silent, extras.pins, extras.role) == (
        True,
        True,
        True,
        True,
        ROLE + 1,
    )
    assert schedule.theme == theme
    assert [step.milestone for step in schedule.plan] == ["part-one", "part-two"]


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"days": "someday", "time": "7pm"}, "every other Tuesday"),
        ({"days": "monday", "time": "7"}, "7am"),
        ({"days": "monday", "time": "25:00"}, ""),
        ({"days": "monday", "time": "7pm", "timezone": "Mars/Olympus"}, "Europe/London"),
        ({"days": "monday", "time": "7pm", "theme": "zeppelins"}, "theme"),
        ({"days": "monday", "time": "7pm", "start": "soon"}, ""),
        (
            {"days": "monday", "time": "7pm", "start": "2030-02-01", "end": "2030-01-01"},
            "ends before it starts",
        ),
        ({"days": "monday", "time": "7pm", "plan": "Part Nine until 3 March"}, "Part One"),
        ({"days": "monday", "time": "7pm", "tags": "novel"}, "forum"),
        ({"days": "first monday", "time": "7pm", "every": 3}, "every"),
        ({"days": "monday", "time": "7pm", "end": "2001-01-01"}, ""),
    ],
    ids=lambda value: "-".join(f"{key}" for key in value) if isinstance(value, dict) else "",
)
async def test_what_is_not_understood_is_said_and_nothing_is_saved(
    stage: Stage, options: dict[str, str | int], hint: str
) -> None:
    asked = await ask(stage, "schedule add", **options)
    assert hint in text_of(asked.data)
    assert "Save" not in pressable(asked.message)
    assert stage.memory.made == {}


async def test_nobody_has_everybody_mentioned(stage: Stage) -> None:
    asked = await ask(stage, "schedule add", days="monday", time="7pm", role=GUILD)
    assert "never everybody" in text_of(asked.data)
    assert stage.memory.made == {}


async def test_a_server_can_have_a_hundred(stage: Stage) -> None:
    for _ in range(100):
        stage.due()
    asked = await ask(stage, "schedule add", days="monday", time="7pm")
    assert "100 schedules" in text_of(asked.data)
    assert len(stage.memory.made) == 100
    await ask(stage, "schedule list")


async def test_missing_permissions_are_said_before_it_is_saved(stage: Stage) -> None:
    await stage.server.deny(GENERAL, Can.PUBLIC_THREADS | Can.POLLS | Can.PIN | Can.HISTORY)
    asked = await ask(stage, "schedule add", days="monday", time="7pm", thread=True, poll=True, pin=True)
    shown = text_of(asked.data)
    for permission in ("Create Public Threads", "Create Polls", "Pin Messages", "Read Message History"):
        assert f"Not allowed to me in #general yet: {permission}" in shown
    plain = text_of((await ask(stage, "schedule add", days="monday", time="7pm")).data)
    assert "Create Public Threads" not in plain


async def test_a_forum_that_wants_a_tag_gets_one(stage: Stage) -> None:
    forum, tags = await stage.server.add_forum(tags=["novel", "film"], required=True)
    refused = await ask(stage, "schedule add", days="monday", time="7pm", channel=forum)
    assert "novel, film" in text_of(refused.data)
    unknown = await ask(stage, "schedule add", days="monday", time="7pm", channel=forum, tags="opera")
    assert "novel, film" in text_of(unknown.data)
    pinned = await ask(stage, "schedule add", days="monday", time="7pm", channel=forum, tags="film", pin=True)
    assert "cannot pin" in text_of(pinned.data)
    schedule = await made(stage, channel=forum, tags="Film , novel")
    assert schedule.extras.forum
    assert schedule.extras.tags == (tags["film"], tags["novel"])


async def test_a_schedule_is_listed_paused_resumed_skipped_moved_and_removed(stage: Stage) -> None:
    assert "no schedules" in text_of((await ask(stage, "schedule list")).data)
    schedule = await made(stage)
    listed = text_of((await ask(stage, "schedule list")).data)
    assert "every Monday at 19:00" in listed
    (first,) = STAMP.findall(listed)

    assert "Paused" in text_of((await ask(stage, "schedule pause", which=schedule.id)).data)
    assert STAMP.findall(text_of((await ask(stage, "schedule list")).data)) == []
    resumed = text_of((await ask(stage, "schedule resume", which=schedule.id)).data)
    assert STAMP.findall(resumed) == [first]

    skipped = text_of((await ask(stage, "schedule skip", which=schedule.id)).data)
    (second,) = STAMP.findall(skipped)
    # A week by the clock on the wall.
    assert int(second) - int(first) in {7 * 86400 + hours * 3600 for hours in (-1, 0, 1)}

    channel = await stage.server.add_channel("elsewhere")
    moved = text_of((await ask(stage, "schedule move", which=schedule.id, channel=channel, time="8pm")).data)
    assert "#elsewhere: every Monday at 20:00" in moved
    assert stage.memory.made[schedule.id].rule.days == Weekly(days=frozenset({0}))
    often = text_of((await ask(stage, "schedule move", which=schedule.id, every=3)).data)
    assert "every 3rd week on Monday at 20:00" in often

    removed = text_of((await ask(stage, "schedule remove", which=schedule.id)).data)
    assert "every 3rd week on Monday" in removed
    assert stage.memory.made == {}
    assert "no such schedule" in text_of((await ask(stage, "schedule pause", which=schedule.id)).data)


async def test_now_posts_the_next_prompt_at_once(stage: Stage) -> None:
    schedule = await made(stage)
    await ask(stage, "schedule now", which=schedule.id)
    await stage.post()
    (post,) = stage.posts()
    book = stage.client.desk.club.books[stage.slug].book
    assert book.prompts[0].question in text_of(post)
    waiting = [job for job in stage.memory.jobs.values() if job.state == "waiting"]
    assert len(waiting) == 1, "what waits goes on waiting"


async def test_a_preview_has_the_prompts_to_come_and_spoils_nothing(stage: Stage) -> None:
    book = stage.client.desk.club.books[stage.slug].book
    early = [prompt for prompt in book.prompts if prompt.milestone is None]
    schedule = await made(stage, days="daily", plan="Part Three until 2020-01-01")
    shown = (await ask(stage, "schedule preview", which=schedule.id)).data
    assert [prompt.question in text_of(shown) for prompt in early[:5]] == [True] * 5
    # The channel is opened by the plan, but this moderator has read nothing.
    stage.memory.had[GENERAL, stage.slug] = frozenset(prompt.id for prompt in early)
    late = next(prompt for prompt in book.prompts if prompt.milestone is not None)
    shown = (await ask(stage, "schedule preview", which=schedule.id)).data
    assert late.question in text_of(shown)
    assert late.question not in in_the_clear(shown)
    stage.memory.milestones[OWNER, stage.slug] = "part-three"
    assert late.question in in_the_clear((await ask(stage, "schedule preview", which=schedule.id)).data)


async def test_schedules_are_offered_by_their_line(stage: Stage) -> None:
    schedule = await made(stage)
    await made(stage, days="daily", time="noon")
    offered = await stage.server.choices("schedule pause", "which", "mon", member=OWNER)
    assert offered == [{"name": "#general: every Monday at 19:00, Europe/London time", "value": schedule.id}]
    zones = await stage.server.choices(
        "schedule add", "timezone", "kolk", {"days": "mon", "time": "7pm"}, member=OWNER
    )
    assert "Asia/Kolkata" in {one["value"] for one in zones}


@pytest.mark.parametrize(
    "command", ["add", "list", "preview", "pause", "resume", "skip", "move", "remove", "now"]
)
async def test_only_moderators_may(stage: Stage, command: str) -> None:
    schedule = await made(stage)
    before = dict(stage.memory.jobs), dict(stage.memory.made)
    options = {"add": {"days": "monday", "time": "7pm"}, "list": {}}.get(command, {"which": schedule.id})
    asked = await stage.server.slash(f"schedule {command}", options, member=ALICE)
    assert asked.ephemeral
    assert "Only moderators" in text_of(asked.data)
    assert (stage.memory.jobs, stage.memory.made) == before


async def test_nobody_saves_what_another_was_shown(stage: Stage) -> None:
    asked = await ask(stage, "schedule add", days="monday", time="7pm")
    pressed = await stage.server.press(asked.message, pressable(asked.message)["Save"], member=ALICE)
    assert "Only moderators" in text_of(pressed.data)
    assert stage.memory.made == {}


async def test_another_servers_schedule_is_not_found(stage: Stage) -> None:
    schedule = await made(stage)
    stage.memory.made[schedule.id] = schedule.model_copy(update={"server": GUILD + 5})
    for command in ("pause", "now", "remove", "preview"):
        assert "no such schedule" in text_of(
            (await ask(stage, f"schedule {command}", which=schedule.id)).data
        )


async def test_a_suggestion_waits_for_a_moderator_and_then_comes_up_in_its_turn(stage: Stage) -> None:
    book = stage.client.desk.club.books[stage.slug].book
    asked = await stage.server.slash("prompt suggest", question="Which song would be yours?", member=ALICE)
    assert asked.ephemeral
    await stage.server.slash("prompt suggest", question="And whose tape would you keep?", member=ALICE)
    refused = await stage.server.slash("prompt review", member=ALICE)
    assert "Only moderators" in text_of(refused.data)

    queue = await ask(stage, "prompt review")
    assert "Which song would be yours?" in text_of(queue.data)
    assert "1 more waits" in text_of(queue.data)
    await stage.server.press(queue.message, pressable(queue.message)["Approve"], member=OWNER)
    second = await ask(stage, "prompt review")
    assert "whose tape" in text_of(second.data)
    await stage.server.press(second.message, pressable(second.message)["Reject"], member=OWNER)
    assert "No suggestions" in text_of((await ask(stage, "prompt review")).data)
    again = await stage.server.press(queue.message, pressable(queue.message)["Approve"], member=OWNER)
    assert "seen to" in text_of(again.data)

    early = [prompt for prompt in book.prompts if prompt.milestone is None]
    for _ in range(len(early) + 1):
        stage.due()
        await stage.post()
    assert "Which song would be yours?" in text_of(stage.posts()[-1])
    assert "More questions" not in pressable(stage.posts()[-1])


async def test_a_suggestion_that_tells_more_is_for_those_who_know_it(stage: Stage) -> None:
    await stage.server.slash(
        "prompt suggest", question="Why do the clones not run away?", place="nothing", member=ALICE
    )
    (suggestion,) = await stage.memory.suggestions(GUILD, stage.slug)
    assert suggestion.milestone is not None
    queue = await ask(stage, "prompt review")
    assert "clones" in text_of(queue.data)
    assert "clones" not in in_the_clear(queue.data), "this moderator has read nothing"


async def test_a_moderators_own_prompt_needs_no_approval(stage: Stage) -> None:
    await ask(stage, "prompt suggest", question="Where shall we meet?")
    (suggestion,) = await stage.memory.suggestions(GUILD, stage.slug)
    assert suggestion.approved


async def test_troubles_stand_in_the_list(stage: Stage) -> None:
    schedule = await made(stage)
    ((key, job),) = stage.memory.jobs.items()
    late = job.occurrence.model_copy(update={"due": datetime.now(UTC) - timedelta(days=1)})
    stage.memory.jobs[key] = replace(job, state="missed", occurrence=late)
    listed = text_of((await ask(stage, "schedule list")).data)
    assert "was not made" in listed
    stage.memory.made[schedule.id] = schedule.model_copy(update={"state": "suspended"})
    assert "Stopped by me" in text_of((await ask(stage, "schedule list")).data)
