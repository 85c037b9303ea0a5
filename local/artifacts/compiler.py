"""Run by CPython 3.13, a real one's or Pyodide's: `python3.13 compiler.py BUILD`."""

import sys
from compileall import compile_dir
from pathlib import Path
from py_compile import PycInvalidationMode


def main(build: Path) -> None:
    for folder in sorted(path for path in build.iterdir() if path.is_dir()):
        # The paths that Lambda will know, so that a build is the same wherever it was made.
        there = "/opt" if (folder / "python").is_dir() else "/var/task"
        unchecked = PycInvalidationMode.UNCHECKED_HASH
        if not compile_dir(
            folder, quiet=1, stripdir=folder, prependdir=there, invalidation_mode=unchecked
        ):
            sys.exit(f"{folder.name} does not compile")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
