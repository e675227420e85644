"""A text -> its words, as the engine compares them. Pure and bounded: 200 code points of a question are read."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

from bot.answering.lexicon import PHONE
from bot.book.entries import ASK_LENGTH

_MENTION = re.compile(r"<(?:@[!&]?|#|a?:\w+:)\d+>")
_WORD = re.compile(r"[^\W_]+")
_NOT = re.compile(r"n't\b")
_POSSESSIVE = re.compile(r"'s\b|s'(?=\s|$)")
_STEMMER = snowballstemmer.stemmer("english")


def cut(question: str) -> str:
    """As much of a question as is read: 200 code points, and no more when one that stands for many is written out."""
    return unicodedata.normalize("NFKC", question[:ASK_LENGTH])[:ASK_LENGTH]


def fold(text: str) -> str:
    """Lower case, no accents, plain apostrophes, no Discord mentions."""
    text = _MENTION.sub(" ", text)
    text = unicodedata.normalize("NFKD", text.casefold()).replace("’", "'").replace("`", "'")
    return "".join(c for c in text if not unicodedata.combining(c) and c not in "\u200b\u200c\u200d\u00ad")


def words(text: str) -> list[str]:
    """The words of a text that a person wrote, phone spelling written out."""
    text = fold(text)
    text = re.sub(r"\b(who|what|where|when|why|how|it|that|there|he|she|let)'s\b", r"\1 is", text)
    text = _POSSESSIVE.sub("", _NOT.sub(" not", text).replace("ca not", "can not"))
    found: list[str] = []
    for word in _WORD.findall(text.replace("'", "")):
        if word in PHONE:
            found += PHONE[word].split()
        else:
            found.append(word)
    return found


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The word without its ending (Snowball, English)."""
    return str(_STEMMER.stemWord(word))
