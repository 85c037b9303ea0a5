"""Crockford's base 32 in lower case: no letter reads as another, and text sorts as numbers do."""

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


def encode(number: int, length: int) -> str:
    """The lowest `length` × 5 bits of `number`."""
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def decode(text: str) -> int:
    """The number `text` stands for. ValueError for a letter outside the alphabet."""
    number = 0
    for letter in text:
        if letter not in _VALUES:
            raise ValueError(f"not base 32: {text!r}")
        number = number << 5 | _VALUES[letter]
    return number
