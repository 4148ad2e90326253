#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of the sealed reference. The last line is "N passed, M failed"."""

import os
import sys
import unittest

sys.path.insert(0, os.path.abspath(__file__).rsplit("/", 3)[0])

from lab.grader import blanks, reference, testing  # noqa: E402 (the path comes first)
from lab.grader.testing import TEXT  # noqa: E402


class Sealed(unittest.TestCase):
    def test_there_and_back(self):
        text = blanks.decode(TEXT.encode() + b"\xff\x00")
        sealed = reference.seal(text)
        self.assertEqual((text, sealed), (reference.unseal(sealed), reference.seal(text)))
        self.assertTrue("spoils" in sealed and "RaftLab" not in sealed)

    def test_damaged(self):
        sealed = reference.seal(TEXT)
        for bad in ("", "garbage", sealed[:-9], sealed.replace("A", "B"), "é", sealed + "QUJD", sealed[:120]):
            with self.assertRaises(reference.NoReference):
                reference.unseal(bad)


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
