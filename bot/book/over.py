"""A mapping that lies on another one, which it does not copy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)


@dataclass(frozen=True, eq=False)
class Over(Mapping[K, V_co], Generic[K, V_co]):
    """What `over` has, then what `under` has but for the keys that are `gone`."""

    over: Mapping[K, V_co]
    under: Mapping[K, V_co]
    gone: frozenset[K] = frozenset()

    def __getitem__(self, key: K) -> V_co:
        if key in self.over:
            return self.over[key]
        if key in self.gone:
            raise KeyError(key)
        return self.under[key]

    def __iter__(self) -> Iterator[K]:
        yield from self.over
        yield from (key for key in self.under if key not in self.over and key not in self.gone)

    def __len__(self) -> int:
        return sum(1 for _ in self)
