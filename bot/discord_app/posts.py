"""A scheduled post as Discord has it: in a channel as components, in a forum as plain text with rows below."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import discord
from discord import ui

from bot.book.book import Book
from bot.book.prompts import Prompt
from bot.book.schedules import mark_of
from bot.club.publishing import DuePost
from bot.discord_app.layout import Row, Sealed, button, choice_buttons, place_rows
from bot.discord_app.presses import MoreOn, Suggest
from bot.replies.markdown import displays
from bot.replies.reply import Reply
from bot.replies.schedules import post_reply

POLL_OPEN = timedelta(days=7)

QUESTION = 300
"""Discord's limit for a poll's question, which is a prompt's, too."""

Json = dict[str, Any]


def prompt_name(prompt: str) -> str:
    """What a prompt is called where names are digested."""
    return f"prompt:{prompt}"


def thread_name(due: DuePost) -> str:
    """What a post's thread is called: gives nothing away."""
    nominal = due.job.occurrence.nominal
    return f"{due.book.title} · {nominal.day} {nominal:%B %Y}"[:100]


def post_message(due: DuePost) -> Json:
    """The body of the post in a channel."""
    reply = _reply(due)
    role = due.post.extras.role
    texts = [*([f"<@&{role}>"] if role else []), *displays(reply)]
    view = Sealed(texts, rows_below(due, reply))
    return _body(due, view=view)


def forum_post(due: DuePost) -> Json:
    """The body of the post in a forum: its starter is no place for components' texts, and holds nothing veiled."""
    reply = _reply(due)
    role = due.post.extras.role
    text = "\n".join([*([f"<@&{role}>"] if role else []), *displays(reply)])
    rows = ui.View(timeout=None)
    for number, row in enumerate(row for row in rows_below(due, reply) if row):
        for item in row:
            item.row = number
            rows.add_item(item)
    rows.stop()
    body: Json = {"name": thread_name(due), "message": _body(due, content=text, view=rows)}
    return body | ({"applied_tags": list(map(str, due.post.extras.tags))} if due.post.extras.tags else {})


def poll_message(due: DuePost) -> Json:
    """The body of the prompt's poll."""
    poll = discord.Poll(poll_question(due.prompt), POLL_OPEN)
    for option in due.prompt.poll or ():
        poll.add_answer(text=option)
    return _body(due, poll=poll)


def poll_question(prompt: Prompt) -> str:
    """What a prompt's poll asks; by it, the poll is known again."""
    return prompt.question[:QUESTION]


def rows_below(due: DuePost, reply: Reply) -> Iterator[Row]:
    """What can be pressed below a post. The last button of the second row carries the post's mark."""
    yield choice_buttons(reply, due.book.slug)
    yield follow_buttons(due.prompt, due.book, mark_of(due.job.schedule.id, due.job.occurrence.name))
    yield from place_rows(reply, due.book.slug)


def follow_buttons(prompt: Prompt, book: Book, mark: str | None) -> Row:
    """More questions, where there are any, and a way to suggest one."""
    more = (
        [button("More questions", MoreOn(book.digest_of(prompt_name(prompt.id))))]
        if prompt.follow_ups
        else []
    )
    return [*more, button("Suggest a prompt", Suggest(mark))]


def _reply(due: DuePost) -> Reply:
    return post_reply(due.prompt, due.book, due.ceiling, due.post.opens)


def _body(due: DuePost, **what: Any) -> Json:  # noqa: ANN401 - as discord.py takes it
    flags = discord.MessageFlags(suppress_notifications=due.post.extras.silent, suppress_embeds=True)
    role = due.post.extras.role
    mentions = discord.AllowedMentions(
        everyone=False, users=False, roles=[discord.Object(role)] if role else False, replied_user=False
    )
    with discord.http.handle_message_parameters(flags=flags, allowed_mentions=mentions, **what) as made:
        return dict(made.payload or {})
