"""Crockford's base 32 in lower case: no letter reads as another, and text sorts as numbers do."""

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
_LOOK_ALIKES = str.maketrans("oil", "011")
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


def encode(number: int, length: int) -> str:
    """The lowest `length` × 5 bits of `number`."""
    pairs = [_PAIRS[number >> 5 * place & 1023] for place in range(length + length % 2 - 2, -1, -2)]
    return "".join(pairs)[length % 2 :]


def spelled(text: str) -> str:
    """As `encode` writes it, of what a person wrote: O is 0, I and L are 1, in either case."""
    return text.lower().translate(_LOOK_ALIKES)


def decode(text: str) -> int:
    """The number `text` stands for. ValueError for a letter outside the alphabet."""
    number = 0
    for letter in text:
        if letter not in _VALUES:
            raise ValueError(f"not base 32: {text!r}")
        number = number << 5 | _VALUES[letter]
    return number
