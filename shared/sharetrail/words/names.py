"""A name from outside, fit to stand in a mail: in one line, of signs that one can see. Pure.

Mail programs make links of whatever looks like an address, so an address stays one in the
merchant's own name alone. In all others it is parted by signs that no program links over.
"""

import re
import unicodedata

from sharetrail.words import speech
from sharetrail.words.speech import mark, say

NAME_LENGTH = 60
SHORT_LENGTH = 36
SENTENCE_LENGTH = 600
NAMELESS = mark("(no name)")
_ANONYMOUS = re.compile(r"Visitor ([0-9A-Z]{4})")
"""As sharing/influencers.py calls whoever has no name."""
_UNSPEAKABLE = re.compile(r'[<>"@\uff20\ufe6b]')

# ── What can be seen ─────────────────────────────────────────────────────────────────────────────
_MOST_MARKS = 3
"""Marks above one another: as many as Hebrew, Arabic and Vietnamese need."""
_NON_JOINER, _JOINER, _AS_PICTURE, _KEYCAP = "\u200c", "\u200d", "\ufe0f", "\u20e3"
_FIRST_PICTURE = "\u203c"
_VIRAMA = 9
"""Its combining class."""
_BLANK = re.compile("[\u2800\U0001d159]")
_UNSEEN = re.compile(
    # What is drawn as nothing and has no category that says so: Hangul's fillers, joiners of
    # graphemes, Khmer's inherent vowels, selectors of variants, what stands for an object.
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\ufffc"
    "\U00013441\U00013442\U00016fe4\U000e0100-\U000e01ef]"
)

# ── What is linked ───────────────────────────────────────────────────────────────────────────────
_PARTED = "·"
_SLASHES = re.compile(r"(?::*[/\\]){2,}|:+[/\\]")
_COLON = re.compile(r"(?<=\w):+(?=\S)(?!(?<=\d:)\d)")  # not that of 14:30
_VERSION = re.compile(r"\d+(?:\.\d+){2,}")
_DOT = re.compile(
    # Full stops of any writing, but those of decimals, with no blank on either side and no
    # punctuation behind.
    r"(?<=\S)(?!(?<=\d)\.\d)[.\u3002\uff0e\uff61\u2024\ufe52]+"
    r"(?=\w|[^\s\x00-\x7f\u00ab\u00bb\u2000-\u206f\u3001-\u303f])"
)
_BETWEEN_DIGITS = (
    r"[-\u2010-\u2015\u2212\u30fc\uff0d-\uff0f \u3000()\uff08\uff09\uff3b\uff3d.\[\]/~\u223c\uff5e"
    r"+\uff0b]{0,4}"
)
"""What telephone numbers are written with (libphonenumber's list)."""
_THREE = re.compile(r"(\d{3})(?=\d)")
_TELEPHONE = re.compile(rf"\d(?:{_BETWEEN_DIGITS}\d){{6,}}")


def name(text: str) -> str:
    """What others than the merchant call something: no mail program finds a page, an address or a
    telephone number in it, and people still read `Node·js mug`, `evil·com`, `080·055·501·23`."""
    return _cropped(_seen(_unlinked(_seen(called(text)))))


def called(text: str) -> str:
    """The name; of whoever has none in the reader's words."""
    if visitor := _ANONYMOUS.fullmatch(text):
        # For translators: somebody without a name, such as "Visitor 7F3K".
        return say("Visitor {code}", code=visitor[1])
    return text


def short(text: str) -> str:
    """A name where there is little room."""
    return _cropped(name(text), SHORT_LENGTH)


def in_sentence(text: str) -> str:
    """A name within a sentence, cropped: neither turns the other round."""
    return speech.isolated(short(text))


def own_name(text: str) -> str:
    """What the merchant calls the shop: `Linen.com` stays as it is."""
    return _cropped(_seen(text))


def sentence(text: str) -> str:
    """A sentence of ours for a page, that has others' names in it as they are: in one line, and
    nothing in it turns the rest around."""
    return _cropped(_seen(text[: 2 * SENTENCE_LENGTH]), SENTENCE_LENGTH)


def _cropped(line: str, most: int = NAME_LENGTH) -> str:
    """At most so many characters."""
    if len(line) > most:
        line = line[: most - 1].rstrip(f" {_NON_JOINER}{_JOINER}") + "…"
    return line.strip() or say(NAMELESS)


# ── What can be seen ─────────────────────────────────────────────────────────────────────────────
def _seen(text: str) -> str:
    """In one line, without <>"@, whatever is invisible, and what turns the direction of writing."""
    plain = unicodedata.normalize("NFC", _UNSPEAKABLE.sub("", text))
    letters: list[str] = []
    for at, letter in enumerate(plain):
        letters += _letter(letter, letters, plain[at + 1 : at + 2])
    return " ".join(unicodedata.normalize("NFC", "".join(letters)).split())


def _letter(letter: str, before: list[str], after: str) -> str:
    """The letter as it is shown behind what is shown `before`; empty where it vanishes."""
    category, last = unicodedata.category(letter), before[-1] if before else " "
    if category in ("Cc", "Zs", "Zl", "Zp") or _BLANK.match(letter):
        return " "
    if letter in (_NON_JOINER, _JOINER):
        return letter if _joins(last, letter, after) else ""
    if letter == _AS_PICTURE:
        return letter if _is_picture(last) or after == _KEYCAP else ""
    if category in ("Cf", "Cs", "Cn", "Co") or _UNSEEN.match(letter):
        return ""
    if category in ("Mn", "Me"):
        return letter if _has_room(before, letter) else ""
    return letter


def _joins(last: str, joiner: str, after: str) -> bool:
    """Whether Persian, an Indian script or an emoji is written with a joiner here."""
    if unicodedata.combining(last) == _VIRAMA:
        return unicodedata.category(after or " ")[0] == "L"
    if {unicodedata.bidirectional(each) for each in (last, after or " ")} == {"AL"}:
        return True
    is_emoji = _is_picture(last) or last == _AS_PICTURE
    return joiner == _JOINER and is_emoji and _is_picture(after or " ")


def _is_picture(letter: str) -> bool:
    """Whether it may be an emoji, or a colour of skin."""
    return letter >= _FIRST_PICTURE and unicodedata.category(letter) in ("So", "Sm", "Sk")


def _has_room(before: list[str], mark: str) -> bool:
    """Whether there is something to be marked, without too many marks. Of what encloses it, which
    strikes names through as well, keys alone are left: 1️⃣."""
    last = before[-1] if before else " "
    if unicodedata.category(mark) == "Me":
        return mark == _KEYCAP and (last.isdigit() or last in f"#*{_AS_PICTURE}")
    marked = (unicodedata.category(each) != "Mn" for each in before[-_MOST_MARKS:])
    return last != " " and any(marked)


# ── What is linked ───────────────────────────────────────────────────────────────────────────────
def _unlinked(line: str) -> str:
    """Without what a mail program takes for the address of a page or a person, or for a telephone
    number: it would be a stranger's link in our mail."""
    line = _COLON.sub(": ", _SLASHES.sub("/", line))
    line = _VERSION.sub(lambda found: found[0].replace(".", _PARTED), line)
    line = _DOT.sub(_PARTED, line)
    return _TELEPHONE.sub(_in_groups, line)


def _in_groups(found: re.Match[str]) -> str:
    """In groups of at most four digits, none of which is a number that one calls."""
    groups = re.findall(r"\d+", found[0])
    return _PARTED.join(_THREE.sub(rf"\1{_PARTED}", g) if len(g) > 4 else g for g in groups)
