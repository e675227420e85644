"""A text -> its words, as the engine compares them. Pure and bounded: 200 code points of a question are read."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

from bot.answering.lexicon import IRREGULAR, PHONE
from bot.book.entries import ASK_LENGTH

_MENTION = re.compile(r"<(?:@[!&]?|#|a?:\w+:)\d+>")
_WORD = re.compile(r"[^\W_]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_IS = re.compile(r"\b(who|what|where|when|why|how|it|that|there|he|she|let)'s\b")
_NOT = re.compile(r"n't\b")
_POSSESSIVE = re.compile(r"'s\b|s'(?=\s|$)")
_STEMMER = snowballstemmer.stemmer("english")


def cut(question: str) -> str:
    """As much of a question as is read: 200 code points, and no more when one that stands for many is written out."""
    return unicodedata.normalize("NFKC", question[:ASK_LENGTH])[:ASK_LENGTH]


def fold(text: str) -> str:
    """Lower case, no accents, plain apostrophes, no Discord mentions."""
    if "<" in text:
        text = _MENTION.sub(" ", text)
    if text.isascii():
        return text.lower().replace("`", "'")
    text = unicodedata.normalize("NFKD", text.casefold()).replace("’", "'").replace("`", "'")
    return "".join(c for c in text if not unicodedata.combining(c) and c not in "\u200b\u200c\u200d\u00ad")


def words(text: str) -> list[str]:
    """The words of a text that a person wrote, phone spelling written out."""
    text = fold(text)
    if "'" in text:
        text = _IS.sub(r"\1 is", text)
        text = _POSSESSIVE.sub("", _NOT.sub(" not", text).replace("ca not", "can not")).replace("'", "")
    found = (_ASCII_WORD if text.isascii() else _WORD).findall(text)
    if PHONE.keys().isdisjoint(found):
        return found
    return [part for word in found for part in (PHONE[word].split() if word in PHONE else (word,))]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The word without its ending (Snowball, English); forms that no ending tells of go to their common one."""
    return str(_STEMMER.stemWord(IRREGULAR.get(word, word)))
