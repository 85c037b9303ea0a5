"""Many patterns looked for in one text, quickly. Pure.

An alternation is tried at each of the text's letters, branch by branch. Whether a word stands in it
at all Python knows some hundred times sooner: so of each branch we know a word that whatever it
matches must contain, and try it where that stands.
"""

import re
from collections.abc import Callable, Iterator

Span = tuple[int, int]
_Find = Callable[[str], re.Match[str] | None]
_PIECES = re.compile(r"\\.|\[(?:\\.|[^\]\\])+\]|\{[^}]*\}|.", re.DOTALL)
_QUANTIFIER = re.compile(r"[*+?]|\{.*\}")
_SPECIAL = re.compile(r"[()^$.|]|\[.+\]|\\\w")


class Patterns:
    """In the syntax of `re`; the flags are none that change what a letter matches."""

    def __init__(self, *patterns: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        branches = [branch for pattern in patterns for branch in branches_of(pattern)]
        self._branches = [(word_of(branch), _find_of(branch, flags)) for branch in branches]

    def spans(self, text: str) -> Iterator[Span]:
        """Where each branch that matches does first, in their own order."""
        for word, find in self._branches:
            if word in text:
                if find is None:
                    start = text.index(word)
                    yield start, start + len(word)
                elif found := find(text):
                    yield found.span()

    def stand_in(self, text: str) -> bool:
        return next(self.spans(text), None) is not None


def branches_of(pattern: str) -> list[str]:
    """What stands between its bars, but for those in brackets."""
    branches = [""]
    for piece, depth in _pieces(pattern):
        if (piece, depth) == ("|", 0):
            branches.append("")
        else:
            branches[-1] += piece
    return branches


def word_of(branch: str) -> str:
    """The longest that we can tell to stand in all that the branch matches; empty for none."""
    words = [""]
    for piece, depth in _pieces(branch):
        if depth == 0 and (letter := _letter(piece)):
            words[-1] += letter
            continue
        if _QUANTIFIER.fullmatch(piece):
            words[-1] = words[-1][:-1]
        words.append("")
    return max(words, key=len)


def _find_of(branch: str, flags: re.RegexFlag) -> _Find | None:
    """None where the word is all of it."""
    if all(_letter(piece) for piece, _ in _pieces(branch)):
        return None
    compiled = re.compile(branch, flags)
    # A search for what begins the text would try each of its letters.
    return compiled.match if branch.startswith("^") else compiled.search


def _pieces(pattern: str) -> Iterator[tuple[str, int]]:
    """Each letter, class, sign or bracket, and how many brackets it stands in."""
    depth = 0
    for piece in _PIECES.findall(pattern):
        depth += (piece == "(") - (piece == ")")
        yield piece, depth


def _letter(piece: str) -> str:
    """The letter that a piece stands for; empty where it is none."""
    is_letter = not (_SPECIAL.fullmatch(piece) or _QUANTIFIER.fullmatch(piece))
    return piece[-1] if is_letter else ""
