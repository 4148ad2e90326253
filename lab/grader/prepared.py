# SPDX-License-Identifier: Apache-2.0
"""What --grade and --watch want of the lab: prepared once, then verdicts on any text."""

import contextlib
import ctypes
import errno
import os

from lab.grader import words
from lab.grader.build import Build, BuildError
from lab.grader.judge import judge
from lab.grader.reference import RAFT_C, NoReference, Reference
from lab.grader.steps import TOP, read_steps
from lab.grader.worker import ForPeople


class LabError(ForPeople):
    """Why nothing can be judged here, for people."""


PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2


def filters_system_calls():
    """Whether the kernel can keep tests from what they must not do. A kernel that can
    complains that there is no filter where we say it is, any other that it can not."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, None, 0, 0)
    return ctypes.get_errno() == errno.EFAULT


@contextlib.contextmanager
def _told(lang):
    """Errors that no student can help become a LabError."""
    try:
        yield
    except BuildError as error:
        why = words.say(lang, error.key, **error.names)
        raise LabError(f"{why}\n{error.log}".strip()) from error
    except NoReference as error:
        raise LabError(str(error)) from error


class PreparedBuild(Build):
    """A Build whose base is made once, not for each file."""

    made = False

    def make_base(self, *args, **options):
        if not self.made:
            super().make_base(*args, **options)
            self.made = True


class Lab:
    """The steps, the reference and what is built of the lab."""

    def __init__(self, own=False):
        """own: it is the tree's own raft.c that will be judged."""
        self.table = read_steps()
        self.graded = os.path.join(TOP, RAFT_C) if own else None
        self.build = PreparedBuild()
        self.reference = None

    def prepare(self, lang, waiting=lambda: None):
        """Builds what all files have in common; waiting() is called if another run does so now."""
        with _told(lang):
            self.build.make_base(waiting)
            self.build.features()
            self.reference = Reference.load(self.graded)

    def judge(self, text, file, lang):
        """The Verdict on a submission. Only its blanks count."""
        own = os.path.join(TOP, RAFT_C)
        is_own = os.path.exists(own) and os.path.exists(file) and os.path.samefile(file, own)
        with _told(lang):
            return judge(text, file, Reference.load(file) if is_own else self.reference, lang, build=self.build)

    def judge_own(self, text, lang, only=None):
        """The Verdict on a text of the tree's own raft.c, with what stands outside its blanks;
        only: ids of the steps that are wanted."""
        with _told(lang):
            return judge(text, RAFT_C, self.reference, lang, set(only) if only else None, self.build, own_outside=True)
