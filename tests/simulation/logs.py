"""The product's log, of which no unexpected exception may come."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Ear(logging.Handler):
    """Hears errors. `lines`: so many so far."""

    def __init__(self, wrong: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._wrong = wrong
        self.lines = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += 1
        if record.exc_info and record.exc_info[1] is not None:
            self._wrong(f"the bot logs {record.getMessage()!r}: {record.exc_info[1]!r}")


@contextmanager
def heard(wrong: Callable[[str], None]) -> Iterator[Ear]:
    """Says what goes wrong unexpectedly; all else that is logged is nobody's business here."""
    log = logging.getLogger("bookclub")
    ear = Ear(wrong)
    log.addHandler(ear)
    propagates, log.propagate = log.propagate, False
    try:
        yield ear
    finally:
        log.removeHandler(ear)
        log.propagate = propagates
