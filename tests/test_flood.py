"""How much one member and one server may ask; the time is an argument."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.club.flood import A_MEMBER, A_SERVER, SECONDS, Flood, TooMuch

REQUESTS = st.lists(
    st.tuples(st.floats(0, 4), st.integers(1, 4), st.sampled_from([None, 1, 2])), max_size=120
)


@given(REQUESTS)
def test_no_more_than_the_limits_are_taken_in_any_ten_seconds(
    requests: list[tuple[float, int, int | None]],
) -> None:
    flood, now = Flood(), 0.0
    taken: list[tuple[float, int, int | None]] = []
    for pause, member, server in requests:
        now += pause
        recent = [one for one in taken if now - one[0] < SECONDS]
        full = sum(one[1] == member for one in recent) >= A_MEMBER or (
            server is not None and sum(one[2] == server for one in recent) >= A_SERVER
        )
        refused = flood.refuses(now, member, server)
        assert (refused is not None) is full
        if refused is None:
            taken.append((now, member, server))
        else:
            assert 0 < refused.seconds <= SECONDS


def test_a_flood_has_one_first_refusal() -> None:
    flood = Flood()
    assert [flood.refuses(0.0, 1, None) for _ in range(5)] == [None] * 5
    assert flood.refuses(1.0, 1, None) == TooMuch(9.0, first=True)
    assert flood.refuses(2.0, 1, None) == TooMuch(8.0, first=False)
    assert flood.refuses(10.0, 1, None) is None


def test_who_asked_is_gone_through_once_a_window_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Found under load: it was gone through anew with every request."""
    flood, tidied = Flood(), 0

    def tidy(self: Flood, now: float) -> None:
        nonlocal tidied
        tidied += 1
        original(self, now)

    original = Flood._tidy  # noqa: SLF001
    monkeypatch.setattr(Flood, "_tidy", tidy)
    for member in range(20_000):
        flood.refuses(member / 1000, member, member % 5000)
    assert tidied == 1
    flood.refuses(100.0, 1, 1)
    assert len(flood._taken) == 2  # noqa: SLF001 - memory is what this is about
