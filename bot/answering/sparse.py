"""Sparse matrices by rows, as far as the engine needs them. Rows are bounds into two flat arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Shorts: TypeAlias = NDArray[np.int32]
Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sparse:
    """A matrix by rows: row r holds `values[bounds[r]:bounds[r + 1]]` at the columns of the same places."""

    bounds: Ints
    columns: Shorts
    values: Floats

    def rows(self, wanted: Ints) -> tuple[Shorts, Floats, Ints]:
        """The columns and values of some rows, one after another, and how many each row has."""
        starts, ends = self.bounds[wanted], self.bounds[wanted + 1]
        return *self._slices(starts, ends), ends - starts

    def ranges(self, firsts: Ints, lasts: Ints) -> tuple[Shorts, Floats, Ints, Ints]:
        """The same of some ranges of rows, the last of each excluded, and how many values each range has."""
        starts, ends = self.bounds[firsts], self.bounds[lasts]
        counts = [
            self.bounds[first + 1 : last + 1] - self.bounds[first:last]
            for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)
        ]
        return *self._slices(starts, ends), np.concatenate([_NO_INTS, *counts]), ends - starts

    def _slices(self, starts: Ints, ends: Ints) -> tuple[Shorts, Floats]:
        # Slices are copied by the block: much faster than picking their places one by one.
        slices = [slice(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        return (
            np.concatenate([self.columns[:0], *[self.columns[one] for one in slices]]),
            np.concatenate([self.values[:0], *[self.values[one] for one in slices]]),
        )

    def first(self, count: int) -> "Sparse":
        """The first `count` rows."""
        end = int(self.bounds[count])
        return Sparse(self.bounds[: count + 1], self.columns[:end], self.values[:end])

    def after(self, count: int) -> "Sparse":
        """The rows behind the first `count`."""
        start = int(self.bounds[count])
        return Sparse(self.bounds[count:] - start, self.columns[start:], self.values[start:])

    def only(self, kept: NDArray[np.bool_]) -> "Sparse":
        """The same rows with some of their entries."""
        counts = np.diff(self.bounds)
        rows = np.repeat(np.arange(len(counts)), counts)[kept]
        return Sparse(
            bounds_of(np.bincount(rows, minlength=len(counts))), self.columns[kept], self.values[kept]
        )

    def emptied(self, rows: NDArray[np.bool_]) -> "Sparse":
        """As many rows, some of them empty now."""
        return self.only(~np.repeat(rows, np.diff(self.bounds)))

    def scaled(self, by: float) -> "Sparse":
        """Every value times the same."""
        return Sparse(self.bounds, self.columns, self.values * np.float32(by))

    def times(self, columns: Ints, values: Floats) -> Floats:
        """Each row times a vector that has values at some columns, each of them once."""
        order = np.argsort(columns)
        if not len(order):
            return np.zeros(len(self.bounds) - 1, np.float32)
        columns, values = columns[order], values[order]
        place = np.minimum(np.searchsorted(columns, self.columns), len(columns) - 1)
        found = np.where(columns[place] == self.columns, values[place] * self.values, np.float32(0))
        return sums(found, np.diff(self.bounds))

    def transposed(self, width: int) -> "Sparse":
        """The same matrix by columns, of which there are `width`."""
        order = np.argsort(self.columns, kind="stable")
        owner = np.repeat(np.arange(len(self.bounds) - 1, dtype=np.int32), np.diff(self.bounds))
        return Sparse(bounds_of(np.bincount(self.columns, minlength=width)), owner[order], self.values[order])


_NO_INTS = np.zeros(0, np.int64)


def stacked(parts: Sequence[Sparse]) -> Sparse:
    """The rows of all parts, one part below another; at least one part."""
    return Sparse(
        bounds_of(np.concatenate([np.diff(part.bounds) for part in parts])),
        np.concatenate([part.columns for part in parts]),
        np.concatenate([part.values for part in parts]),
    )


def distinct(numbers: Ints) -> Ints:
    """The different numbers, sorted."""
    numbers = np.sort(numbers)
    return numbers[np.flatnonzero(np.diff(numbers, prepend=-1))] if len(numbers) else numbers


def bounds_of(counts: Ints) -> Ints:
    """The bounds of rows that hold so many each."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def spread(bounds: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """The places that some rows take up, one row after another, and how many each takes."""
    starts = bounds[wanted]
    counts = bounds[wanted + 1] - starts
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - ends + counts, counts) + np.arange(total), counts


def sums(values: Floats, counts: Ints) -> Floats:
    """The sum of each row's values, rows lying one after another; an empty row sums to nothing."""
    if not len(counts):
        return np.zeros(0, np.float32)
    if not counts[-1]:
        # reduceat wants every start within bounds.
        values = np.append(values, np.float32(0))
    found = np.add.reduceat(values, np.cumsum(counts) - counts, dtype=np.float32)
    if not counts.all():
        found[counts == 0] = 0
    return found


def merged(rows: Ints, columns: Ints, values: Floats, height: int, width: int, *, add: bool) -> Sparse:
    """Triples in any order -> a matrix; of what falls on one place the sum, or (not `add`) the largest."""
    keys = rows * width + columns
    order = np.argsort(keys, kind="stable")
    keys, values = keys[order], values[order]
    first = (
        np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
        if len(keys)
        else np.zeros(0, np.int64)
    )
    if len(first):
        values = (np.add if add else np.maximum).reduceat(values, first)
    keys = keys[first]
    owners = keys // width
    return Sparse(
        bounds_of(np.bincount(owners, minlength=height)),
        (keys - owners * width).astype(np.int32),
        values.astype(np.float32, copy=False),
    )
