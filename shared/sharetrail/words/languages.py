"""The languages in which we speak. Pure."""

ENGLISH = "en"
FALLBACK = "en_US"
"""What is spoken where nobody says."""
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "ar", "he", "ja", "zh")
"""Of each but English there is a catalogue."""


def tongue(language: str) -> str:
    """Which of LANGUAGES this CLDR locale is spoken to in: `de` for `de_AT`, `en` for `sv_SE`."""
    first = _first(language)
    return first if first in LANGUAGES else ENGLISH


def is_ours(language: str) -> bool:
    """Whether we speak the language of this CLDR locale."""
    return _first(language) in LANGUAGES


def _first(language: str) -> str:
    return language.replace("-", "_").partition("_")[0]
