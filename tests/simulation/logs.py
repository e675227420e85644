"""The product's log, of which no unexpected exception may come."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class _Ear(logging.Handler):
    def __init__(self, wrong: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._wrong = wrong

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            self._wrong(f"the bot logs {record.getMessage()!r}: {record.exc_info[1]!r}")


@contextmanager
def heard(wrong: Callable[[str], None]) -> Iterator[None]:
    """Says what goes wrong unexpectedly; all else that is logged is nobody's business here."""
    log = logging.getLogger("bookclub")
    ear = _Ear(wrong)
    log.addHandler(ear)
    propagates, log.propagate = log.propagate, False
    try:
        yield
    finally:
        log.removeHandler(ear)
        log.propagate = propagates
