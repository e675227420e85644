"""A press <-> the `custom_id` that stands for it. Pure.

A `custom_id` has at most 100 characters and can be read by members, so it holds digests of names, never a name.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.book.entries import IDENTIFIER
from bot.discord_app.presses import (
    AnswerMiss,
    Approve,
    ApproveFor,
    ChangeProposal,
    DismissMiss,
    Drafted,
    DropDraft,
    DropProposal,
    ForgetMe,
    Hide,
    KeepDraft,
    Meant,
    MeantMiss,
    MoreOn,
    NotMeant,
    PickBook,
    PickMeant,
    PickReveals,
    PickSources,
    PostAnyway,
    Press,
    ReadThisFar,
    Reject,
    RejectContribution,
    SaveProposal,
    ShowHistory,
    ShowPrivately,
    Suggest,
    Suggested,
    TakeContribution,
    TakeShrunk,
    Tell,
    TurnContributions,
    TurnMisses,
    TurnPage,
    TurnPlot,
    TurnProposal,
    TurnRecap,
)

MOST_DIGESTS = 6


@dataclass(frozen=True)
class _Field:
    """How one field is written, and which texts are read, as what."""

    pattern: re.Pattern[str]
    read: Callable[[str], object] = str
    write: Callable[[Any], str] = str


def _digests(least: int) -> _Field:
    one = "[0-9a-f]{10}"
    return _Field(
        re.compile(rf"{one}(?:\.{one}){{0,{MOST_DIGESTS - 1}}}{'' if least else '|'}"),
        lambda text: tuple(filter(None, text.split("."))),
        lambda names: ".".join(names[:MOST_DIGESTS]),
    )


_DIGEST = _Field(re.compile(r"[0-9a-f]{10}"))
_SLUG = _Field(re.compile(IDENTIFIER))
_PAGE = _Field(re.compile(r"[0-9]{1,4}"), int)
_NUMBER = _Field(re.compile(r"[0-9]{1,20}"), int)
_MARK = _Field(re.compile(r"(?:[a-z2-7]{16})?"), lambda text: text or None, lambda mark: mark or "")
_SCHEDULE = _Field(re.compile(r"[0-9a-f]{12}"))
_OCCURRENCE = _Field(re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?"))

_FORMS: Mapping[str, tuple[type[Any], Mapping[str, _Field]]] = {
    "tell": (Tell, {"answer": _DIGEST}),
    "page": (TurnPage, {"page": _PAGE, "answers": _digests(1)}),
    "plot": (TurnPlot, {"page": _PAGE, "points": _digests(0)}),
    "recap": (TurnRecap, {"page": _PAGE}),
    "not": (NotMeant, {"answers": _digests(1)}),
    "meant": (Meant, {"answers": _digests(1)}),
    "private": (ShowPrivately, {}),
    "read": (ReadThisFar, {}),
    "book": (PickBook, {}),
    "hide": (Hide, {"message": _NUMBER}),
    "more": (MoreOn, {"prompt": _DIGEST}),
    "suggest": (Suggest, {"mark": _MARK}),
    "suggested": (Suggested, {}),
    "approve": (Approve, {"suggestion": _NUMBER}),
    "for": (ApproveFor, {"suggestion": _NUMBER}),
    "reject": (Reject, {"suggestion": _NUMBER}),
    "keep": (KeepDraft, {"draft": _NUMBER}),
    "drop": (DropDraft, {"draft": _NUMBER}),
    "save": (SaveProposal, {"proposal": _NUMBER}),
    "forget": (DropProposal, {"proposal": _NUMBER}),
    "change": (ChangeProposal, {"proposal": _NUMBER}),
    "drafted": (Drafted, {"proposal": _NUMBER}),
    "reveals": (PickReveals, {"proposal": _NUMBER}),
    "sources": (PickSources, {"proposal": _NUMBER}),
    "changes": (TurnProposal, {"proposal": _NUMBER, "page": _PAGE}),
    "answer": (AnswerMiss, {"miss": _NUMBER}),
    "which": (MeantMiss, {"miss": _NUMBER}),
    "picked": (PickMeant, {"miss": _NUMBER}),
    "dismiss": (DismissMiss, {"miss": _NUMBER}),
    "misses": (TurnMisses, {"page": _PAGE}),
    "take": (TakeContribution, {"contribution": _NUMBER}),
    "leave": (RejectContribution, {"contribution": _NUMBER}),
    "offers": (TurnContributions, {"page": _PAGE}),
    "forgetme": (ForgetMe, {}),
    "shrunk": (TakeShrunk, {"book": _SLUG, "state": _DIGEST}),
    "history": (ShowHistory, {"before": _NUMBER, "entries": _digests(0)}),
    "post": (PostAnyway, {"schedule": _SCHEDULE, "occurrence": _OCCURRENCE}),
}
_WORDS = {kind: word for word, (kind, _) in _FORMS.items()}


def custom_id(press: Press) -> str:
    """The text that stands for a press; at most 100 characters, with six digests at the most."""
    word = _WORDS[type(press)]
    fields = _FORMS[word][1]
    return ":".join([word, *(field.write(getattr(press, name)) for name, field in fields.items())])


def read_press(text: str) -> Press | None:
    """The press that a `custom_id` stands for; None for one that this version does not write."""
    word, _, rest = text.partition(":")
    kind, fields = _FORMS.get(word, (None, {}))
    # The last field may hold colons of its own.
    parts = rest.split(":", len(fields) - 1) if fields else [rest] if ":" in text else []
    if kind is None or len(parts) != len(fields):
        return None
    named = dict(zip(fields, parts, strict=True))
    if not all(fields[name].pattern.fullmatch(part) for name, part in named.items()):
        return None
    press: Press = kind(**{name: fields[name].read(part) for name, part in named.items()})
    return press
