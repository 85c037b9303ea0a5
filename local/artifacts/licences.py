"""Under which licence somebody else's package stands: by its own text, where what it says of itself
is no expression of SPDX."""

import re
from importlib.metadata import distribution
from pathlib import Path

_IDS = (
    ("MIT-0", r"^MIT No Attribution"),
    ("MIT", r"Permission is hereby granted, free of charge.*The above copyright notice and this"),
    ("BSD-3-Clause", r"Redistributions in binary form.*Neither the name of"),
    ("BSD-2-Clause", r"Redistributions in binary form"),
    ("Apache-2.0", r"Apache License,? Version 2\.0"),
    ("PSF-2.0", r"PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2"),
    ("Unicode-3.0", r"^UNICODE LICENSE V3"),
    ("MPL-2.0", r"Mozilla Public License,? Version 2\.0"),
    ("Unlicense", r"This is free and unencumbered software released into the public domain"),
)
"""Each with what no text of those below it has."""


class UnknownLicence(Exception):
    """A text that none of these is."""


def declared(package: str) -> str | None:
    """The expression that an installed package states; License and classifiers are none: of one
    text, MIT-0's, they said MIT."""
    return distribution(package).metadata.get("License-Expression")


def text(package: str) -> str:
    """An installed package's licence, word for word."""
    return text_file(package).read_text("utf-8")


def text_file(package: str) -> Path:
    """The first that its metadata names."""
    found = distribution(package)
    name = found.metadata["License-File"]
    files = [each for each in found.files or () if each.match(f"*.dist-info/**/{name}")]
    files += [each for each in found.files or () if each.match(f"*.dist-info/{name}")]
    return Path(str(files[0].locate()))


def id_of(text: str) -> str:
    """SPDX's name of a text. UnknownLicence for one that is new here."""
    words = " ".join(text.split())
    for name, telling in _IDS:
        if re.search(telling, words):
            return name
    raise UnknownLicence(words[:60])
