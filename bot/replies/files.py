"""What moderators are told of their book's files. A problem may quote the file, so what quotes stands behind bars."""

from collections.abc import Iterator

from bot.book.file_notices import Broken, Failed, Fault, FileNotice, Mended, Missing, Shrunk
from bot.replies.answers import message_reply
from bot.replies.reply import Block, Item, Note, Reply, Shown, Veiled

_AS_IT_WAS = "I go on with the book as it was."


def file_notice_reply(title: str, notice: FileNotice) -> Reply:
    """What has become of a book's files, and what to do."""
    match notice:
        case Broken(faults, more):
            told: list[Block] = [Shown(f"The files of {title} have mistakes. {_AS_IT_WAS}")]
            for fault in faults:
                told += _fault(fault)
            if more:
                told.append(Note(f"And {more} more: whoever hosts me can run “bookclub check”."))
            return Reply(tuple(told))
        case Shrunk(before, after, _, what):
            return message_reply(
                f"The files of {title} have {after} {what} left of {before}. {_AS_IT_WAS}",
                "If that is meant, press “Take it”. If not, put the files back: then nothing happens.",
            )
        case Failed():
            return message_reply(
                f"The files of {title} have changed, and I could not make them ready. {_AS_IT_WAS}",
                "My log says why. I try again when they change.",
            )
        case Missing():
            return message_reply(
                f"The files of {title} are gone. {_AS_IT_WAS}",
                "Put them back, or I start without them next time.",
            )
        case Mended(entries):
            return message_reply(f"The files of {title} are in order: {entries} entries, live from now on.")


def taken_reply(*, found: bool) -> Reply:
    """Somebody has said that a book may have fewer entries."""
    if found:
        return message_reply("Then that is the book from now on.")
    return message_reply("The files have changed since. Nothing was done.")


def _fault(fault: Fault) -> Iterator[Block]:
    where = f"{fault.file}, line {fault.line}"
    said = f"{fault.what} {fault.remedy}"
    if '"' in said or "'" in said:
        yield Veiled(f"{where} · tap to read", said)
    else:
        yield Item(f"{where}: {said}")
