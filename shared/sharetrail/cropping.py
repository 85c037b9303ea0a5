"""Text that must not be longer than so many bytes, in whatever script it is written. Pure."""


def cropped(text: str, size: int) -> str:
    """As much of the text as `size` bytes of UTF-8 hold, whole letters alone. What was cropped to
    more than `size` before comes to the same."""
    return text[:size].encode(errors="replace")[:size].decode(errors="ignore")
