"""The hashtags of a text."""

from __future__ import annotations

import re

HASHTAG = re.compile(r"""(?<![\w&/])#(?=\d*[^\W\d_])([^\s#.,;:!?()\[\]{}<>"'`/\\|&@*+=~^$%-]+)""")
"""A hashtag: a word with a letter in it (combining marks included), not glued to the text before."""
