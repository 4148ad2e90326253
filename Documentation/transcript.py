# SPDX-License-Identifier: Apache-2.0
"""What the documents that are their own tests have in common."""

import re


def matches(expected, seen):
    """Whether the lines seen are the expected ones; "..." alone is any number of lines."""
    pattern = ""
    for line in expected:
        if line == "...":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*?".join(re.escape(part) for part in line.split("...")) + r"[ ]*\n"
    return re.fullmatch(pattern, "".join(line + "\n" for line in seen)) is not None
