# SPDX-License-Identifier: Apache-2.0
"""Notices when a file is saved: by an editor that writes it, or that puts another in its
place, in which case it may be absent for a moment."""

import os
import time

from lab.grader.blanks import SourceError, read_source

INTERVAL = 0.05  # seconds between two looks


class SavedFile:
    """`text` is what the file has been saved with last; None if it is not there."""

    def __init__(self, path):
        self.path = path
        self._seen = self._before = self._signature()  # of `text`, and at the last look
        self.text = self._read()

    def _signature(self):
        try:
            found = os.stat(self.path)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self):
        try:
            return read_source(self.path)
        except SourceError:
            return None

    def look(self):
        """True if the file has been saved with another text since `text`. A file that has
        changed since the last look is still being written: it counts when it is at rest."""
        now = self._signature()
        settled, self._before = now == self._before, now
        if now == self._seen or not settled:
            return False
        text = self._read()
        if self._signature() != now:
            return False
        self._seen = now
        changed, self.text = text != self.text, text
        return changed

    def wait(self):
        """Until it has been saved with another text."""
        while not self.look():
            time.sleep(INTERVAL)
