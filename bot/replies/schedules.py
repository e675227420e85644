"""What is said of schedules: the posts themselves for everybody, all else for moderators alone.

Names of channels and roles come in as texts, for they are Discord's.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.book.book import Book
from bot.book.notices import (
    Missed,
    NoBook,
    NoPrompts,
    Notice,
    PartMissing,
    RunningLow,
    Suspended,
    Trouble,
    Uncertain,
)
from bot.book.plan import plan_in_words
from bot.book.prompts import Prompt
from bot.book.schedule_said import rule_in_words
from bot.book.schedules import Schedule
from bot.book.spoilers import Audience, Horizon
from bot.replies.answers import message_reply, prompt_reply, veil_label
from bot.replies.reply import Block, Heading, Item, Note, Reply, Shown, Veiled, When

NOTICES = 10
"""How many are told in one message; more are counted."""

Named = Callable[[int], str]
"""A channel's or a role's id -> what it is called."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A post to come: when, with which prompt (None: there is none), and up to which milestone it opens the channel."""

    moment: datetime
    prompt: Prompt | None
    opens: str | None = None


def post_reply(prompt: Prompt, book: Book, horizon: Horizon, opens: str | None = None) -> Reply:
    """A scheduled post: the question alone, for its follow-ups and its poll come after it."""
    asked = prompt_reply(prompt.model_copy(update={"follow_ups": (), "poll": None}), book, horizon)
    title = next((one.title for one in book.head.milestones if one.id == opens), None)
    if title is None:
        return asked
    return replace(
        asked, blocks=(*asked.blocks, Note(f"From now on this channel talks openly up to {title}."))
    )


def follow_ups_reply(prompt: Prompt, book: Book, audience: Audience) -> Reply:
    """More questions on the same, for one reader. Where the club withholds, there are none beyond their progress."""
    shown = audience.progress.shows(book, prompt.milestone)
    if not prompt.follow_ups or (not shown and audience.spoilers == "withhold"):
        return message_reply("There are no more questions on this one.")
    if shown:
        return Reply((Heading(f"More to discuss · {prompt.theme}"), *map(Item, prompt.follow_ups)))
    title = book.head.milestones[book.ranks[prompt.milestone] - 1].title
    return Reply(tuple(Veiled(veil_label(title), text) for text in prompt.follow_ups))


def schedule_said(schedule: Schedule, book: Book | None, named: Named, role: Named) -> Iterator[str]:
    """A schedule in a few lines."""
    yield f"{named(schedule.channel)}: {rule_in_words(schedule.rule)}"
    extras = schedule.extras
    does = [
        *(["a post in the forum each"] if extras.forum else []),
        *(["opens a thread"] if extras.thread else []),
        *(["adds the prompt's poll"] if extras.poll else []),
        *(["pins the post"] if extras.pins else []),
        *(["without a notification"] if extras.silent else []),
        *([f"mentions {role(extras.role)}"] if extras.role else []),
        *([f"theme: {schedule.theme}"] if schedule.theme else []),
    ]
    if does:
        yield "; ".join(does)
    if schedule.plan and book is not None:
        yield f"Plan: {plan_in_words(book, schedule.plan)}"


def list_schedules_reply(entries: Sequence[tuple[Sequence[str], datetime | None]]) -> Reply:
    """Every schedule of a server: its lines, and when it posts next."""
    if not entries:
        return message_reply("There are no schedules here yet.", "Make one with /schedule add.")
    blocks: list[Block] = [Heading("Scheduled prompts")]
    for (first, *lines), moment in entries:
        blocks += [Shown(first), *map(Note, lines)]
        if moment is not None:
            blocks.append(When(moment, ""))
    return Reply(tuple(blocks))


def draft_reply(lines: Sequence[str], coming: Sequence[Coming], warnings: Sequence[str]) -> Reply:
    """A schedule before it is saved."""
    return Reply(
        (
            Heading("Is this what you mean?"),
            *map(Shown, lines),
            Shown("Its next posts:"),
            *(When(one.moment, "") for one in coming),
            *map(Note, warnings),
        )
    )


def saved_reply(lines: Sequence[str], next_at: datetime | None, said: str) -> Reply:
    """What has been done to a schedule, and when it posts next."""
    blocks: list[Block] = [Heading(said), *map(Shown, lines)]
    if next_at is not None:
        blocks += [Shown("Next:"), When(next_at, "")]
    return Reply(tuple(blocks))


def preview_reply(lines: Sequence[str], coming: Sequence[Coming], book: Book, audience: Audience) -> Reply:
    """The next posts of a schedule with their questions; what this moderator has not read is veiled, or left out."""
    if not coming:
        return message_reply("Nothing is due: it is paused, suspended, or has ended.", "See /schedule list.")
    blocks: list[Block] = [*map(Shown, lines)]
    titles = {one.id: one.title for one in book.head.milestones}
    for one in coming:
        opened = f"Opens the channel up to {titles[one.opens]}." if one.opens in titles else ""
        blocks.append(When(one.moment, opened))
        if one.prompt is None:
            blocks.append(Note("No prompt is left up to there: nothing would be posted."))
        elif audience.progress.shows(book, one.prompt.milestone):
            blocks.append(Shown(one.prompt.question))
        else:
            title = book.head.milestones[book.ranks[one.prompt.milestone] - 1].title
            veiled = Veiled(veil_label(title), one.prompt.question)
            blocks.append(veiled if audience.spoilers == "veil" else Note(f"A prompt on {title}."))
    return Reply(tuple(blocks))


def notices_reply(notices: Sequence[tuple[Schedule, Notice]], named: Named) -> Reply:
    """What moderators have to know, with what to do."""
    blocks: list[Block] = [Heading("About this club's scheduled prompts")]
    for schedule, notice in notices[:NOTICES]:
        blocks.append(
            Item(f"{named(schedule.channel)}, {rule_in_words(schedule.rule)}: {notice_said(notice)}")
        )
    if len(notices) > NOTICES:
        blocks.append(Note(f"And {len(notices) - NOTICES} more: see /schedule list."))
    return Reply(tuple(blocks))


def notice_said(notice: Notice) -> str:
    """One trouble, with what to do about it."""
    match notice:
        case Suspended("gone"):
            return "the channel is gone, so I stopped. Choose another one with /schedule move."
        case Suspended(why):
            return f"the channel refused three times, so I stopped. {_remedy(why)} Then /schedule resume."
        case Uncertain(occurrence):
            return (
                f"I cannot tell whether the post of {occurrence.replace('T', ' ')} arrived. Look, and if it is not "
                "there, press “Post it now” or use /schedule now. Let me Read Message History, and I can look myself."
            )
        case Missed(1, last):
            return f"the post of {last.name.replace('T', ' ')} was not made: I was not running, or could not post."
        case Missed(count, last):
            return (
                f"{count} posts, up to that of {last.name.replace('T', ' ')}, were not made: I was not running, or "
                "could not post."
            )
        case PartMissing(part, why):
            what = {"thread": "open its thread", "poll": "add its poll", "pin": "pin it"}[part]
            return f"the post is there, but I could not {what}. {_remedy(why, part)}"
        case RunningLow(0):
            return "all prompts up to the channel's ceiling have been used, so they begin anew. " + _MORE
        case RunningLow(left):
            return (
                f"only {left} prompt{'s are' if left > 1 else ' is'} left up to the channel's ceiling. "
                + _MORE
            )
        case NoPrompts():
            return "there is no prompt up to the channel's ceiling, so nothing was posted. " + _MORE
        case NoBook():
            return "the book or the prompt is gone, so nothing was posted. See /setup."


_MORE = "Raise the ceiling with /setup, or write prompts with /prompt suggest."


def _remedy(why: Trouble, part: str = "post") -> str:
    match why:
        case "gone":
            return "The post was gone already."
        case "forbidden" | "hidden":
            needs = {
                "post": "View Channel and Send Messages",
                "thread": "Create Public Threads",
                "poll": "Create Polls",
                "pin": "Pin Messages",
            }
            return f"Allow me {needs[part]} there."
        case "locked":
            return "It is locked or archived: unlock it."
        case "tag":
            return "The forum wants a tag: make the schedule anew with tags."
        case "full":
            return "The channel has as many pins or threads as it can have: remove some."
        case "other":
            return "Discord does not take it; my log has its reason."
