"""What a button, a select or a modal asks for. `press_ids.py` writes it into a `custom_id`, so that it works after a
restart.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tell:
    """A topic, related or "did you mean": tell what it holds."""

    answer: str


@dataclass(frozen=True, slots=True)
class TurnPage:
    """A page of the answer that consists of these."""

    answers: tuple[str, ...]
    page: int


@dataclass(frozen=True, slots=True)
class TurnPlot:
    """A page of these plot points; of none named, all of the book's."""

    points: tuple[str, ...]
    page: int


@dataclass(frozen=True, slots=True)
class TurnRecap:
    """A page of the story so far."""

    page: int


@dataclass(frozen=True, slots=True)
class ReadThisFar:
    """The presser has read as far as they picked; what they picked comes beside the `custom_id`."""


@dataclass(frozen=True, slots=True)
class PickBook:
    """The presser wants to talk about the book that they picked."""


@dataclass(frozen=True, slots=True)
class Hide:
    """The modal of "Hide as spoiler": send this message again behind bars, with the label that was picked."""

    message: int


@dataclass(frozen=True, slots=True)
class NotMeant:
    """None of these answers was meant: ask what was."""

    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """The modal that `NotMeant` opens: answer what it holds, without these."""

    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShowPrivately:
    """Answer the message that was replied to, for whoever presses."""


@dataclass(frozen=True, slots=True)
class MoreOn:
    """More questions on a prompt."""

    prompt: str


@dataclass(frozen=True, slots=True)
class Suggest:
    """The presser wants to write a prompt. `mark` is that of the post that it stands below; None: of none."""

    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Suggested:
    """The modal that `Suggest` opens: a prompt."""


@dataclass(frozen=True, slots=True)
class Approve:
    """Put a suggested prompt into the rotation, for whom it was suggested."""

    suggestion: int


@dataclass(frozen=True, slots=True)
class ApproveFor:
    """Put a suggested prompt into the rotation, for those who have read as far as was picked."""

    suggestion: int


@dataclass(frozen=True, slots=True)
class Reject:
    """Forget a suggested prompt."""

    suggestion: int


@dataclass(frozen=True, slots=True)
class KeepDraft:
    """Save the schedule that the presser has just been shown."""

    draft: int


@dataclass(frozen=True, slots=True)
class DropDraft:
    """Do not."""

    draft: int


@dataclass(frozen=True, slots=True)
class PostAnyway:
    """Post an occurrence of which it is not sure whether it was."""

    schedule: str
    occurrence: str


@dataclass(frozen=True, slots=True)
class SaveProposal:
    """Make what is proposed a revision of the server's book."""

    proposal: int


@dataclass(frozen=True, slots=True)
class DropProposal:
    """Do not."""

    proposal: int


@dataclass(frozen=True, slots=True)
class ChangeProposal:
    """Write on at the entry that is proposed."""

    proposal: int


@dataclass(frozen=True, slots=True)
class Drafted:
    """The modal in which an entry is written."""

    proposal: int


@dataclass(frozen=True, slots=True)
class PickReveals:
    """Who may read the entry that is proposed is picked."""

    proposal: int


@dataclass(frozen=True, slots=True)
class PickSources:
    """The sources of the entry that is proposed are picked."""

    proposal: int


@dataclass(frozen=True, slots=True)
class TurnProposal:
    """A page of what a proposal changes."""

    proposal: int
    page: int


@dataclass(frozen=True, slots=True)
class TakeShrunk:
    """Take a book's files as they are, though far fewer entries stand in them than before."""

    book: str
    state: str


@dataclass(frozen=True, slots=True)
class ShowHistory:
    """Revisions before one, of one entry where it is named."""

    before: int
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerMiss:
    """Write an entry that answers a missed question, and those like it."""

    miss: int


@dataclass(frozen=True, slots=True)
class MeantMiss:
    """A missed question meant an entry that there is: ask which."""

    miss: int


@dataclass(frozen=True, slots=True)
class PickMeant:
    """The entry that a missed question meant is picked."""

    miss: int


@dataclass(frozen=True, slots=True)
class DismissMiss:
    """Forget a missed question, and those like it."""

    miss: int


@dataclass(frozen=True, slots=True)
class TurnMisses:
    """Another group of missed questions."""

    page: int


@dataclass(frozen=True, slots=True)
class TakeContribution:
    """Make an entry of what a member suggests."""

    contribution: int


@dataclass(frozen=True, slots=True)
class RejectContribution:
    """Do not."""

    contribution: int


@dataclass(frozen=True, slots=True)
class TurnContributions:
    """Another suggestion of a member's."""

    page: int


@dataclass(frozen=True, slots=True)
class ForgetMe:
    """The presser wants all forgotten that is stored of them."""


InBook = (
    Tell
    | TurnPage
    | TurnPlot
    | TurnRecap
    | Meant
    | ShowPrivately
    | ReadThisFar
    | MoreOn
    | Suggest
    | Suggested
)
"""What can be answered only where a book is settled on."""

OfCurators = SaveProposal | DropProposal | ChangeProposal | Drafted | PickReveals | PickSources | TurnProposal
"""What is asked for below a proposal."""

OfInbox = (
    AnswerMiss
    | MeantMiss
    | PickMeant
    | DismissMiss
    | TurnMisses
    | TakeContribution
    | RejectContribution
    | TurnContributions
)
"""What is asked for in the moderators' inbox."""

OfModerators = (
    Approve
    | ApproveFor
    | Reject
    | KeepDraft
    | DropDraft
    | PostAnyway
    | OfCurators
    | OfInbox
    | ShowHistory
    | TakeShrunk
)
"""What only moderators may ask for."""

Press = InBook | OfModerators | NotMeant | PickBook | Hide | ForgetMe
