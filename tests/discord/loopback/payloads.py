"""Whom and what the local Discord has, as Discord writes it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import IntFlag
from typing import Any, TypeAlias

Json: TypeAlias = Any

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAx.Gabcde.aTokenOfNoUseToAnybodyAtAll0123456789"  # noqa: S105 - of nobody
BOT = 100000000000000001
GUILD = 200000000000000001
GENERAL = 300000000000000001
THREAD = 310000000000000001
ROLE = 400000000000000001
ALICE = 500000000000000001
OWNER = 500000000000000009

TEXT, DM, ANNOUNCEMENT, FORUM = 0, 1, 5, 15
ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 10, 11, 12

PINNED, THREAD_CREATED, REPLY, THREAD_STARTER = 6, 18, 19, 21
"""Kinds of messages that are not of kind 0."""

SUPPRESS_EMBEDS = 1 << 2
HAS_THREAD = 1 << 5
EPHEMERAL = 1 << 6
V2 = 1 << 15

REQUIRE_TAG = 1 << 4
"""A forum's flag."""

EPOCH = 1420070400000
"""The millisecond that snowflakes count from."""


class Can(IntFlag):
    """The permissions that the local Discord looks at."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW = 1 << 10
    SEND = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED = 1 << 14
    ATTACH = 1 << 15
    HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_THREADS = 1 << 34
    PUBLIC_THREADS = 1 << 35
    PRIVATE_THREADS = 1 << 36
    SEND_IN_THREADS = 1 << 38
    POLLS = 1 << 49
    PIN = 1 << 51


ALL_PERMISSIONS = str((1 << 52) - 1)
EVERYBODYS = str(
    ((1 << 52) - 1) & ~(Can.ADMINISTRATOR | Can.MANAGE_GUILD | Can.MANAGE_MESSAGES | Can.MANAGE_THREADS)
)
"""What all may do in a server that is not told otherwise: for an administrator Discord asks nothing else."""


def general_of(guild: int) -> int:
    """The text channel of a server."""
    return guild - GUILD + GENERAL


def channel_of(guild: int, number: int) -> int:
    """The channels of a server of `many_guilds`, the general one first."""
    return general_of(guild) + number * 10_000_000


def dm_of(member: int) -> int:
    """The direct-message channel of a member."""
    return member + 100


def user_payload(number: int) -> Json:
    """A person."""
    return {
        "id": str(number), "username": f"member{number % 1000}", "discriminator": "0", "avatar": None,
        "global_name": None, "bot": False,
    }  # fmt: skip


def bot_payload() -> Json:
    """The bot itself."""
    return {**user_payload(BOT), "username": "bookclub", "bot": True}


def member_payload(number: int, *, with_user: bool = True) -> Json:
    """A person in the server."""
    payload = {
        "roles": [], "joined_at": "2026-01-01T00:00:00.000000+00:00", "deaf": False, "mute": False, "flags": 0,
        "nick": None, "avatar": None, "premium_since": None, "pending": False,
    }  # fmt: skip
    if with_user:
        payload["user"] = bot_payload() if number == BOT else user_payload(number)
    return payload


def channel_payload(number: int, kind: int = TEXT, name: str = "general", **changes: Json) -> Json:
    """A channel of a server."""
    payload = {
        "id": str(number), "type": kind, "name": name, "position": 0, "permission_overwrites": [], "nsfw": False,
        "parent_id": None, "topic": None, "last_message_id": None, "flags": 0, "rate_limit_per_user": 0,
    }  # fmt: skip
    if kind == FORUM:
        payload |= {"available_tags": [], "default_sort_order": None, "default_forum_layout": 0}
        payload |= {"default_reaction_emoji": None}
    return payload | changes


def tag_payload(number: int, name: str) -> Json:
    """A tag of a forum."""
    return {"id": str(number), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}


def dm_payload(member: int) -> Json:
    """The direct messages of a member."""
    return {
        "id": str(dm_of(member)), "type": DM, "last_message_id": None, "flags": 0, "recipients": [user_payload(member)],
    }  # fmt: skip


def thread_payload(
    number: int, parent: Json, guild: int, owner: int, name: str, since: str, **changes: Json
) -> Json:
    """A thread; `since` is when it was begun, as an ISO timestamp."""
    payload = {
        "id": str(number), "guild_id": str(guild), "parent_id": parent["id"], "owner_id": str(owner),
        "type": ANNOUNCEMENT_THREAD if parent["type"] == ANNOUNCEMENT else PUBLIC_THREAD, "name": name,
        "message_count": 0, "member_count": 1, "rate_limit_per_user": 0, "flags": 0, "last_message_id": None,
        "total_message_sent": 0,
        "thread_metadata": {
            "archived": False, "auto_archive_duration": 1440, "archive_timestamp": since, "locked": False,
            "create_timestamp": since,
        },
    }  # fmt: skip
    if owner == BOT:
        payload["member"] = {"id": str(number), "user_id": str(BOT), "join_timestamp": since, "flags": 0}
    return payload | changes


def role_payload(number: int, name: str, **changes: Json) -> Json:
    """A role of a server."""
    return {
        "id": str(number), "name": name, "color": 0, "hoist": False, "position": 1, "mentionable": False,
        "permissions": "0", "managed": False, "flags": 0, "icon": None, "unicode_emoji": None,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        **changes,
    }  # fmt: skip


def guild_payload(number: int, channels: int = 1, permissions: str = EVERYBODYS) -> Json:
    """A server with so many text channels, and a thread in the first server's. `permissions` are everybody's."""
    everyone = role_payload(number, "@everyone", position=0, permissions=permissions)
    own = role_payload(ROLE, "bookclub", permissions=permissions, managed=True, tags={"bot_id": str(BOT)})
    readers = role_payload(ROLE + 1, "readers", permissions=permissions)
    general = channel_payload(general_of(number))
    others = (
        channel_payload(channel_of(number, one), name=f"channel-{one}", position=one)
        for one in range(1, channels)
    )
    thread = thread_payload(THREAD, general, number, ALICE, "chapter one", "2026-01-01T00:00:00.000000+00:00")
    return {
        "id": str(number), "name": "Book club", "unavailable": False, "owner_id": str(OWNER), "member_count": 3,
        "roles": [everyone, own, readers], "channels": [general, *others],
        "threads": [thread] if number == GUILD else [],
        "members": [member_payload(BOT)], "emojis": [], "stickers": [], "features": [], "large": False,
        "system_channel_id": None, "system_channel_flags": 0, "afk_channel_id": None, "afk_timeout": 300,
        "rules_channel_id": None, "public_updates_channel_id": None, "preferred_locale": "en-US",
        "verification_level": 0, "default_message_notifications": 1, "explicit_content_filter": 0, "mfa_level": 0,
        "nsfw_level": 0, "premium_tier": 0, "premium_subscription_count": 0, "icon": None, "splash": None,
        "discovery_splash": None, "banner": None, "description": None, "vanity_url_code": None,
        "application_id": None, "premium_progress_bar_enabled": False, "presences": [], "voice_states": [],
        "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [], "joined_at": None,
    }  # fmt: skip


def many_guilds(guilds: int, channels: int) -> list[Json]:
    """So many servers with so many text channels each: their ids are GUILD + n and `channel_of`."""
    return [guild_payload(GUILD + number, channels) for number in range(guilds)]


def message_payload(
    number: int, channel: int, author: Json, body: Json, roles: Sequence[Json] = (), *, everyone: bool = False
) -> Json:
    """A message as it was posted. `roles` are those that it can ping, `everyone` whether it can ping all."""
    pings = _Pings(body, roles, everyone=everyone)
    flags = body.get("flags") or 0
    stored = {
        "id": str(number), "channel_id": str(channel), "author": author, "content": body.get("content") or "",
        "timestamp": written(moment_of(number)), "edited_timestamp": None, "tts": bool(body.get("tts")),
        "mention_everyone": pings.everyone, "mentions": pings.users, "mention_roles": pings.roles,
        "attachments": [],
        "embeds": [] if flags & SUPPRESS_EMBEDS else [{**embed, "type": "rich"} for embed in body.get("embeds") or []],
        "pinned": False, "type": 0, "flags": flags, "components": body.get("components") or [],
    }  # fmt: skip
    if body.get("poll"):
        stored["poll"] = poll_payload(body["poll"], moment_of(number))
    if body.get("nonce") is not None:
        stored["nonce"] = body["nonce"]
    if reference := body.get("message_reference"):
        given = {key: str(value) for key, value in reference.items() if key != "fail_if_not_exists"}
        stored |= {"type": REPLY, "message_reference": {"type": 0, **given}}
    return stored


def poll_payload(asked: Json, since: float) -> Json:
    """A poll as it stands in a message; in the request it is of another shape."""
    return {
        "question": asked["question"],
        "answers": [
            {"answer_id": number, "poll_media": answer["poll_media"]}
            for number, answer in enumerate(asked["answers"], start=1)
        ],
        "expiry": written(since + 3600 * float(asked.get("duration") or 24)),
        "allow_multiselect": bool(asked.get("allow_multiselect")),
        "layout_type": asked.get("layout_type") or 1,
        "results": {"is_finalized": False, "answer_counts": []},
    }


class _Pings:
    """Whom a message pings: whom it names, if it is allowed to."""

    def __init__(self, body: Json, roles: Sequence[Json], *, everyone: bool) -> None:
        text = "\n".join(texts(body))
        allowed: Mapping[str, Json] = body.get("allowed_mentions") or {
            "parse": ["users", "roles", "everyone"]
        }
        parse = allowed.get("parse") or []

        def may(kind: str, number: str) -> bool:
            return kind in parse or number in map(str, allowed.get(kind) or [])

        self.everyone = everyone and "everyone" in parse and ("@everyone" in text or "@here" in text)
        self.roles = [
            role["id"] for role in roles if f"<@&{role['id']}>" in text and may("roles", role["id"])
        ]
        people = {part.partition(">")[0] for part in text.split("<@")[1:]}
        self.users = [
            bot_payload() if int(one) == BOT else user_payload(int(one))
            for one in sorted(people)
            if one.isdecimal() and may("users", one)
        ]


def texts(body: Json) -> Iterator[str]:
    """All the text in a message that can ping: its content, and its text components."""
    yield body.get("content") or ""
    yield from _texts(body.get("components") or [])


def _texts(parts: Sequence[Json]) -> Iterator[str]:
    for part in parts:
        if part.get("type") == 10:
            yield str(part.get("content", ""))
        yield from _texts(part.get("components") or [])


def moment_of(number: int) -> float:
    """When what has this id was made, in seconds since 1970."""
    return ((number >> 22) + EPOCH) / 1000


def written(moment: float) -> str:
    """A moment as Discord writes it."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds")
