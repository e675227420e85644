"""What has been typed so far -> the topics that it may become."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from bot.answering.words import cut, fold

_ALIKE = 75.0


def likely(typed: str, topics: Sequence[str], most: int) -> list[str]:
    """At most so many of the topics: those that begin so, then those with such words, then those spelt alike.

    Within each group the order of `topics` stands, but for the last one, likest first. Nothing typed: the first ones.
    """
    wanted = fold(cut(typed)).split()
    if not wanted:
        return list(topics[:most])
    folded = [fold(topic) for topic in topics]
    begun = " ".join(wanted)
    starts = [topic for topic, plain in zip(topics, folded, strict=True) if plain.startswith(begun)]
    holds = [
        topic
        for topic, plain in zip(topics, folded, strict=True)
        if all(any(word.startswith(part) for word in plain.split()) for part in wanted)
    ]
    alike = process.extract(begun, folded, scorer=fuzz.partial_ratio, score_cutoff=_ALIKE, limit=most)
    return list(dict.fromkeys([*starts, *holds, *(topics[at] for _, _, at in alike)]))[:most]
