"""The stage that the tests of a file share."""

from collections.abc import Iterator

import pytest

from tests.leaks.stage import Stage


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as found:
        yield found
