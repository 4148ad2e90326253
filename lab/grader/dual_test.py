#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of the raft.c with two texts in each blank: compiled and run. The last line is
"N passed, M failed"."""

import os
import subprocess
import sys
import tempfile
import types
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from lab.grader import blanks, testing  # noqa: E402 (the path comes first)
from lab.grader.dual import dual  # noqa: E402
from lab.grader.testing import TABLE, TEXT  # noqa: E402

PRISTINE = blanks.Source(TEXT, TABLE)
REFERENCE = types.SimpleNamespace(source=PRISTINE, handout=True,
                                  texts={"e1": "x++; // reference", "e2": "x--;\n", "r1": "y = x;\n"})
CC = os.environ.get("CC", "cc").split()
MAIN = """
extern unsigned long long lab_students_blanks;
extern const char *const lab_blank_ids[];
int first(int), second(int), printf(const char *, ...);
int main(void)
{
	for (lab_students_blanks = 0; lab_students_blanks < 8; lab_students_blanks++)
		printf("%d %d\\n", first(1), second(1));
	printf("%s %s %s %d\\n", lab_blank_ids[0], lab_blank_ids[1], lab_blank_ids[2], !lab_blank_ids[3]);
	return 0;
}
"""


def compiled(text, run=True):
    """What the program prints, or what the compiler says."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a")
        for name, content in (("a.c", text), ("b.c", MAIN)):
            with open(os.path.join(folder, name), "wb") as f:
                f.write(blanks.encode(content))
        done = subprocess.run([*CC, "-std=c11", "-w", "-o", path, path + ".c", os.path.join(folder, "b.c")],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0 or not run:
            return done.stdout
        return subprocess.run([path], stdout=subprocess.PIPE, text=True, check=True).stdout


def student(**texts):
    return blanks.Source(PRISTINE.graft(texts), TABLE, PRISTINE)


def both(text, own=True, **more):
    """The program of a student's text in e1."""
    s = student(e1=text, **more)
    return dual(s if own else PRISTINE, s, REFERENCE, ["e1", *more])


class Dual(unittest.TestCase):
    def first_values(self, text):
        """What first(1) is with the reference, and with the student's text."""
        lines = compiled(text).split("\n")
        self.assertEqual("e1 e2 r1 1", lines[8], lines)
        return lines[0].split()[0], lines[1].split()[0]

    def test_a_bit_chooses(self):
        lines = compiled(both("x += 10;", e2="x -= 100;", r1="y = 7;")).split("\n")
        self.assertEqual(["2 1", "10 1", "2 1", "-89 1", "2 7", "10 7", "2 7", "-89 7"], lines[:8])

    def test_ends_of_texts(self):
        for text in ("x += 5;", "x += 5; // no newline", "x += 5; // goes on \\", "x += 5; // ??/", "x += 5;\r\n",
                     "goto out; out: x += 5;", "x += 5; goto out; out:", "#define A 5\nx += A; // a",
                     "#if 1\nx += 5;\n#endif", "int x2 = 5; x += x2;", "{ int x = 2; (void)x; }\nx += 5;",
                     "#undef B\n#define B 5\nx += B;", "x += 5;;", "/* */ x += 5; /* */"):
            # 6 is more than 2: first() subtracts one.
            self.assertEqual(("2", "5"), self.first_values(both(text)), text)
            self.assertEqual(("2", "5"), self.first_values(both(text, own=False)), text)

    def test_other_ways_out_of_a_blank(self):
        self.assertEqual(("2", "9"), self.first_values(both("return 9;")))

    def test_incomplete_statements_do_not_compile(self):
        for text in ("x++", "if (x)", "else", "for (;;)", "x = (", "do x++;", "int y"):
            self.assertIn("error", compiled(both(text)), text)

    def test_macros_end_with_the_blank(self):
        self.assertEqual(("2", "5"), self.first_values(both("#define y 5\nx += y;", r1="y = 3;")))
        self.assertIn("error", compiled(both("#define A 5\nx += A;", e2="x -= A;")))

    def test_an_empty_blank_can_be_chosen(self):
        self.assertEqual(("2", "1"), self.first_values(both("")))

    def test_places(self):
        for own in (True, False):
            text = both("x = __LINE__ * 2;\n x += __LINE__;", own=own)
            self.assertEqual(("2", str(7 * 2 + 8 - 1)), self.first_values(text))
            for line in text.split("\n"):
                if "// reference" in line or "y = x" in line:
                    self.assertIn('#line 1 "reference"', text.split(line)[0].rsplit("#line", 1)[0][-300:] + "#line"
                                  + text.split(line)[0].rsplit("#line", 1)[1])

    def test_errors_are_told_where_they_are(self):
        self.assertIn("raft/raft.c:8:", compiled(both("x++;\nx = nothing;")))
        text = both("x++;\n\n\nx++;").replace("return x;", "return nothing;")
        self.assertIn("raft/raft.c:18:", compiled(text))

    def test_code_behind_a_blank_has_its_own_line(self):
        s = blanks.Source(TEXT.replace("\treturn x;", "\treturn x + __LINE__;"), TABLE)
        lines = compiled(dual(s, s, REFERENCE, ["e1"])).split("\n")
        self.assertEqual(str(2 + 15), lines[0].split()[0])


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
