# SPDX-License-Identifier: Apache-2.0
"""What `--grade FILE...` names: files, and folders that stand for the files in them."""

import os
import stat

from lab.grader.blanks import BIGGEST
from lab.grader.words import say


class CannotRead(Exception):
    """A file that cannot be graded, and why (for people)."""


def in_folder(folder):
    """The files that a folder stands for: its raft/raft.c, its raft.c, or all of its *.c."""
    for name in ("raft/raft.c", "raft.c"):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return [path]
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    return [os.path.join(folder, name) for name in names
            if name.endswith(".c") and os.path.isfile(os.path.join(folder, name))]


def read_submission(path, lang):
    """The bytes of a file; more than BIGGEST are not read to the end. A pipe or a device
    may never end, so only ordinary files are read. CannotRead says why not."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise CannotRead(getattr(error, "strerror", "") or str(error)) from error
    try:
        mode = os.fstat(fd).st_mode
        if stat.S_ISDIR(mode):
            raise CannotRead(say(lang, "empty-folder"))
        if not stat.S_ISREG(mode):
            raise CannotRead(say(lang, "no-ordinary-file"))
        with os.fdopen(fd, "rb", closefd=False) as file:
            return file.read(BIGGEST + 1)
    except OSError as error:
        raise CannotRead(error.strerror) from error
    finally:
        os.close(fd)
