# SPDX-License-Identifier: Apache-2.0
"""Counts checks, and tells those that fail."""

import threading

LAST_LINES = 25  # of what a failed command printed


class Tally:
    """May be used by several threads."""

    def __init__(self):
        self.passed = 0
        self.failed = 0
        self._lock = threading.Lock()

    def line(self, text):
        """A check that failed, and says all there is to say in a line."""
        with self._lock:
            self.failed += 1
            print(text, flush=True)

    def check(self, holds, what, said=""):
        """what: what should be so, said: what was printed instead. Returns: holds, as a bool."""
        with self._lock:
            if holds:
                self.passed += 1
            else:
                self.failed += 1
                shown = said.rstrip("\n").split("\n")[-LAST_LINES:] if said.strip() else []
                print("\n".join(["FAILED: " + what] + ["    | " + line for line in shown]), flush=True)
        return bool(holds)

    def note(self, text):
        """What was not checked, and why."""
        with self._lock:
            print(text, flush=True)

    def end(self):
        """The last line. Returns: the exit status."""
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0
