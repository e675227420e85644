"""Scheduled posts in Discord: what members see, and what becomes of a post when Discord does not behave."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.book.schedules import Extras, nonce_of
from bot.club.asking import Asking
from bot.club.ports import Server
from tests.discord.posting import a_stage, pressable, said
from tests.discord.server import (
    ALICE,
    BOT,
    GENERAL,
    GUILD,
    OWNER,
    ROLE,
    Can,
    Fault,
    accepted_but,
    answer_lost,
    dm_of,
    never_arrived,
)

POST = r"^/channels/\d+/messages$"


async def test_a_post_has_the_question_and_what_to_press(asking: Asking) -> None:
    async with a_stage(asking) as stage:
        stage.due()
        await stage.post()
        (post,) = stage.posts()
        first = asking.book.prompts[0]
        assert first.question in said(post).replace("\\", "")
        assert not any(follow_up in said(post).replace("\\", "") for follow_up in first.follow_ups)
        assert {"More questions", "Suggest a prompt"} <= set(pressable(post))

        more = await stage.server.press(post, pressable(post)["More questions"])
        assert more.ephemeral
        assert first.follow_ups[0] in json.dumps(more.data).replace("\\\\", "")
        modal = await stage.server.press(post, pressable(post)["Suggest a prompt"])
        assert modal.kind == 9
        thanks = await stage.server.submit(modal.data, "What would you have asked Miss Lucy?")
        assert "moderator" in json.dumps(thanks.data)
        (suggestion,) = await stage.memory.suggestions(GUILD, stage.slug)
        assert (suggestion.question, suggestion.approved) == ("What would you have asked Miss Lucy?", False)


async def test_the_next_post_has_the_next_prompt(asking: Asking) -> None:
    async with a_stage(asking) as stage:
        for _ in range(3):
            stage.due()
            await stage.post()
        for prompt, post in zip(asking.book.prompts, stage.posts(), strict=False):
            assert prompt.question in said(post).replace("\\", "")


async def test_all_that_a_schedule_can_bring(asking: Asking) -> None:
    async with a_stage(asking) as stage:
        extras = Extras(thread=True, poll=True, pins=True, silent=True, role=ROLE + 1)
        first = stage.due(extras=extras)
        await stage.post()
        (post,) = stage.posts()
        assert post["flags"] & 1 << 12, "silent"
        assert f"<@&{ROLE + 1}>" in said(post)
        body = next(
            body
            for method, path, body in stage.server.requests
            if (method, path) == ("POST", f"/channels/{GENERAL}/messages")
        )
        assert body["allowed_mentions"] == {"parse": [], "roles": [ROLE + 1]}
        assert body["nonce"] == nonce_of(BOT, first.id, stage.job(first).occurrence.name, "post")
        (thread,) = [one for one in stage.server.threads_of(GENERAL) if one["owner_id"] == str(BOT)]
        assert thread["id"] == post["id"]
        assert asking.book.title in thread["name"]
        (poll,) = stage.posts(int(thread["id"]))
        assert poll["poll"]["question"]["text"] == asking.book.prompts[0].question
        assert [one["id"] for one in stage.server.pinned(GENERAL)] == [post["id"]]
        assert stage.job(first).state == "done"

        pinned = stage.memory.made[first.id].pinned
        assert pinned == int(post["id"])
        again = stage.due(extras=extras, pinned=pinned)
        await stage.post()
        assert [one["id"] for one in stage.server.pinned(GENERAL)] == [stage.posts()[-1]["id"]]
        assert stage.memory.made[again.id].pinned == int(stage.posts()[-1]["id"])


async def test_a_forum_gets_a_post_each_with_tags_and_nothing_veiled(asking: Asking) -> None:
    async with a_stage(asking) as stage:
        forum, tags = await stage.server.add_forum(tags=["novel", "film"], required=True)
        stage.due(channel=forum, extras=Extras(forum=True, poll=True, tags=(tags["novel"],)))
        await stage.post()
        (thread,) = stage.server.threads_of(forum)
        assert thread["applied_tags"] == [str(tags["novel"])]
        starter, poll = stage.posts(int(thread["id"]))
        assert asking.book.prompts[0].question in starter["content"].replace("\\", "")
        assert "||" not in starter["content"]
        assert {"More questions", "Suggest a prompt"} <= set(pressable(starter))
        assert poll["poll"]


async def test_a_plan_opens_the_channel_with_its_post(asking: Asking) -> None:
    book = asking.book
    first, second = book.head.milestones[:2]
    async with a_stage(asking) as stage:
        plan = [
            {"until": "2020-01-01", "milestone": first.id},
            {"until": "2120-01-01", "milestone": second.id},
        ]
        stage.due(plan=plan)
        await stage.post()
        assert await stage.memory.ceiling(GENERAL, book.slug) == first.id
        (post,) = stage.posts()
        assert f"openly up to {first.title}" in said(post)
        # From now on prompts up to there come, and no further.
        for _ in range(len(book.prompts) + 1):
            stage.due(plan=plan)
            await stage.post()
        shown = {prompt.question for prompt in book.prompts if book.ranks[prompt.milestone] <= 1}
        texts = [said(post).replace("\\", "") for post in stage.posts()]
        assert all(any(question in text for question in shown) for text in texts)
        assert {question for question in shown if any(question in text for text in texts)} == shown


@pytest.mark.parametrize(
    "fault",
    [
        answer_lost("POST", POST),
        accepted_but(500, "POST", POST),
        accepted_but(502, "POST", POST, times=2),
        accepted_but(504, "POST", POST, times=6),
        never_arrived("POST", POST, times=3),
    ],
    ids=[
        "answer lost",
        "accepted but 500",
        "accepted but 502",
        "accepted but 504, six times",
        "never arrived",
    ],
)
async def test_whatever_becomes_of_the_answer_there_is_one_post(asking: Asking, fault: Fault) -> None:
    async with a_stage(asking) as stage:
        stage.server.fail(replace(fault))
        schedule = stage.due()
        await stage.post()
        for _ in range(7):
            await stage.again()
        assert len(stage.posts()) == 1
        assert stage.job(schedule).state == "done"


async def test_what_was_sent_long_ago_is_found_in_the_history(asking: Asking) -> None:
    async with a_stage(asking) as stage:
        stage.server.fail(answer_lost("POST", POST))
        schedule = stage.due(extras=Extras(poll=True))
        await stage.post()
        stage.server.nonce_window = 0
        stage.age_claims(timedelta(minutes=5))
        await stage.again()
        assert stage.job(schedule).state == "done"
        assert [bool(post.get("poll")) for post in stage.posts()] == [False, True]


async def test_a_poll_whose_answer_was_lost_is_found(asking: Asking) -> None:
    async with a_stage(asking) as stage:
        schedule = stage.due(extras=Extras(poll=True, thread=True))
        await stage.server.deny(GENERAL, Can(0))
        stage.server.fail(replace(answer_lost("POST", POST), path=rf"^/channels/(?!{GENERAL})\d+/messages$"))
        await stage.post()
        stage.server.nonce_window = 0
        stage.age_claims(timedelta(minutes=5))
        await stage.again()
        assert stage.job(schedule).state == "done"
        assert len(stage.posts(int(stage.posts()[0]["id"]))) == 1


async def test_a_forum_post_whose_answer_was_lost_is_not_made_twice(asking: Asking) -> None:
    async with a_stage(asking) as stage:
        forum, _ = await stage.server.add_forum()
        stage.server.fail(answer_lost("POST", rf"/channels/{forum}/threads"))
        schedule = stage.due(channel=forum, extras=Extras(forum=True))
        await stage.post()
        await stage.again()
        assert len(stage.server.threads_of(forum)) == 1
        assert stage.job(schedule).state == "done"


async def test_where_the_history_is_forbidden_moderators_decide(asking: Asking) -> None:
    async with a_stage(asking) as stage:
        stage.memory.servers[GUILD] = Server(notices=GENERAL + 0)
        channel = await stage.server.add_channel("shut")
        await stage.server.deny(channel, Can.HISTORY)
        stage.server.fail(answer_lost("POST", rf"/channels/{channel}/messages"))
        schedule = stage.due(channel=channel)
        await stage.post()
        stage.age_claims(timedelta(minutes=5))
        await stage.again()
        assert stage.job(schedule).state == "uncertain"
        assert len(stage.posts(channel)) == 1
        (notice,) = stage.posts()
        ((label, press),) = pressable(notice).items()
        assert label.startswith("Post it now")

        # Only a moderator may, and only once.
        refused = await stage.server.press(notice, press)
        assert "moderators" in json.dumps(refused.data)
        stage.server.nonce_window = 0
        for _ in range(2):
            await stage.server.press(notice, press, member=OWNER)
        await stage.post()
        assert len(stage.posts(channel)) == 2
        assert stage.job(schedule).state == "done"


async def test_a_post_that_a_moderator_took_away_does_not_come_back(asking: Asking) -> None:
    async with a_stage(asking) as stage:
        stage.server.fail(answer_lost("POST", POST))
        schedule = stage.due(extras=Extras(thread=True))
        await stage.post()
        await stage.server.delete(int(stage.posts()[0]["id"]))
        await stage.again()
        assert stage.posts() == []
        assert stage.job(schedule).state == "done"


@pytest.mark.parametrize("gone", [True, False], ids=["gone", "forbidden"])
async def test_a_channel_that_refuses_is_tried_three_times_then_told_of_once(
    asking: Asking, gone: bool
) -> None:
    async with a_stage(asking) as stage:
        channel = await stage.server.add_channel("shut")
        if gone:
            await stage.server.remove_channel(channel, told=False)
        else:
            await stage.server.deny(channel, Can.SEND, told=False)
        schedule = stage.due(channel=channel)
        await stage.post()
        for _ in range(4):
            await stage.again()
        tries = [
            path for method, path, _ in stage.server.requests if method == "POST" and str(channel) in path
        ]
        assert len(tries) == 3
        assert stage.memory.made[schedule.id].state == "suspended"
        assert stage.job(schedule).state == "refused"
        # No channel for notices is set, so whoever made the schedule is told.
        (told,) = stage.posts(dm_of(ALICE))
        assert "I stopped" in said(told)
        assert ("/schedule move" if gone else "/schedule resume") in said(told).replace("\\", "")


async def test_one_failing_channel_stops_no_other(asking: Asking) -> None:
    async with a_stage(asking) as stage:
        stage.due(channel=GENERAL + 77)
        stage.due()
        await stage.post()
        assert len(stage.posts()) == 1


async def test_without_the_permission_for_a_thread_the_post_is_there_and_moderators_know(
    asking: Asking,
) -> None:
    async with a_stage(asking) as stage:
        await stage.server.deny(GENERAL, Can.PUBLIC_THREADS)
        for _ in range(2):
            schedule = stage.due(extras=Extras(thread=True, poll=True))
            await stage.post()
            for _ in range(3):
                await stage.again()
            assert stage.job(schedule).state == "done"
        assert [bool(post.get("poll")) for post in stage.posts()].count(False) == 2
        assert "Create Public Threads" in said(stage.posts(dm_of(ALICE))[0])


async def test_a_ceiling_that_was_lowered_since_keeps_a_prompt_back(asking: Asking) -> None:
    book = asking.book
    last = book.head.milestones[-1].id
    async with a_stage(asking) as stage:
        stage.memory.opened[GENERAL, book.slug] = (GUILD, last)
        stage.memory.had[GENERAL, book.slug] = frozenset(
            prompt.id for prompt in book.prompts if prompt.milestone != last
        )
        stage.server.fail(never_arrived("POST", POST))
        schedule = stage.due()
        await stage.post()
        stage.memory.opened.clear()
        await stage.again()
        assert stage.posts() == []
        assert stage.job(schedule).state == "missed"


async def test_with_a_clock_that_is_wrong_nothing_is_posted(
    asking: Asking, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_stage(asking) as stage:
        stage.due()
        real = stage.poster.club.now
        stage.poster.club = replace(stage.poster.club, now=lambda: real() + timedelta(days=4000))
        await stage.post()
        assert stage.posts() == []
        assert "clock is wrong" in caplog.text


async def test_without_a_connection_a_post_waits(asking: Asking) -> None:
    async with a_stage(asking) as stage:
        schedule = stage.due()
        stage.publisher.client = None
        await stage.post()
        assert stage.job(schedule).state == "waiting"
        stage.publisher.client = stage.client
        await stage.again()
        assert len(stage.posts()) == 1


@pytest.mark.parametrize("may", [True, False], ids=["may look", "may not"])
async def test_in_an_empty_channel_that_is_not_cached_it_asks_whether_it_may_look(
    asking: Asking, may: bool
) -> None:
    async with a_stage(asking) as stage:
        channel = await stage.server.add_channel("elsewhere", told=False)
        if not may:
            await stage.server.deny(channel, Can.HISTORY, told=False)
        stage.server.fail(never_arrived("POST", rf"/channels/{channel}/messages"))
        schedule = stage.due(channel=channel)
        await stage.post()
        stage.age_claims(timedelta(minutes=5))
        await stage.again()
        assert stage.job(schedule).state == ("done" if may else "uncertain")
        assert len(stage.posts(channel)) == may
