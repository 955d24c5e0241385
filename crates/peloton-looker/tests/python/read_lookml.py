"""Reads every file of a LookML project with lkml, which must give each one back as it is.

Usage: read_lookml.py FOLDER
"""

import sys
from pathlib import Path

import lkml


def read(path):
    text = path.read_text(encoding="utf-8")
    try:
        lkml.load(text)
        tree = lkml.parse(text)
    except (SyntaxError, IndexError) as error:  # the second where a file ends too early
        sys.exit(f"{path}: {error}")
    if str(tree) != text:
        sys.exit(f"{path} comes back changed")


paths = sorted(Path(sys.argv[1]).rglob("*.lkml"))
for path in paths:
    read(path)
print(len(paths), "files")
