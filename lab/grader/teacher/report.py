# SPDX-License-Identifier: Apache-2.0
"""What the reports of all formats have in common."""


class Report:
    """Writes verdicts to a text file. `files` are the names that will come, as far as is
    known: a table wants to know how wide it gets."""

    def __init__(self, out, table, lang, files=()):
        self.out = out
        self.table = table
        self.lang = lang
        self.files = files

    def begin(self):
        """Before the first verdict."""

    def add(self, verdict):
        raise NotImplementedError

    def unreadable(self, why):
        """Of a file that could not be read; what is wrong with it is told on stderr."""

    def end(self):
        """After the last."""

    def write(self, text):
        """Whoever reads along gets each verdict at once."""
        self.out.write(text)
        self.out.flush()

    @property
    def most(self):
        """The points of a file in which all steps pass."""
        return sum(step.points for step in self.table)
