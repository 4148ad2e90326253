#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of how blanks are found in what students hand in. The last line is "N passed, M failed"."""

import os
import random
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from lab.grader import blanks, ctokens, testing  # noqa: E402 (the path comes first)
from lab.grader.testing import TABLE, TEXT  # noqa: E402

PRISTINE = blanks.Source(TEXT, TABLE)
END1 = "\t/* RaftLab Election Step1 end */\n"
BEGIN2 = "\t\t/* RaftLab Election Step2: subtract one. */\n"


def source(text, pristine=PRISTINE):
    return blanks.Source(text, TABLE, pristine)


def put(text, id_="e1"):
    """The file with a text in one blank."""
    return source(PRISTINE.graft({id_: text}))


class Found(unittest.TestCase):
    def test_all_of_it(self):
        s = source(TEXT)
        self.assertEqual([], s.problems)
        self.assertEqual(["e1", "e2", "r1"], list(s.blanks))
        b = s.blanks["e1"]
        self.assertEqual(("\tx++;\n", 5, 7, 7, 8, ""), (b.body, b.begins, b.first, b.last, b.ends, b.stub))
        self.assertEqual(["first", "first", "second"], [b.function for b in s.blanks.values()])
        self.assertEqual((18, 25), (s.blanks["r1"].function_first, s.blanks["r1"].function_last))
        self.assertEqual("return 0;", s.blanks["r1"].stub)
        self.assertTrue(all(b.filled for b in s.blanks.values()))

    def test_functions_that_look_otherwise(self):
        for head in ("int\nfirst(\n\tint x)\n{", "static int first(int (*f)(int), int x) {"):
            s = source(TEXT.replace("int first(int x)\n{", head))
            self.assertEqual([], s.problems)
            self.assertEqual("first", s.blanks["e1"].function)

    def test_emptied_is_empty(self):
        empty = PRISTINE.emptied()
        s = source(empty)
        self.assertEqual([], s.problems)
        self.assertFalse(any(b.filled for b in s.blanks.values()))
        self.assertIn("\treturn 0;\n\t/* RaftLab Replication Step1 end", empty)
        self.assertEqual(PRISTINE.code_outside(), s.code_outside())

    def test_graft_and_back(self):
        texts = {id_: b.body for id_, b in PRISTINE.blanks.items()}
        self.assertEqual(TEXT, source(PRISTINE.emptied()).graft(texts))
        self.assertEqual("a\n\n\tb\n", put("a\n\n\tb\n").blanks["e1"].body)


class Filled(unittest.TestCase):
    def test_no_filling(self):
        for text in ("", "   ", "\n\n", "// x++;", "/* x++; */", ";", "{ ; }", "/* a */ // b\n/* c */",
                     "#if 0\nx++;\n#endif", "#if 0\n#if 1\nx++;\n#endif\n#endif"):
            self.assertFalse(put(text).blanks["e1"].filled, text)

    def test_filling(self):
        for text in ("x++;", "/* */x++;", "#if 1\nx++;\n#endif", "#if 0\n#else\nx++;\n#endif", "break;",
                     "\"/*\";", "'/';", "return 0;", "#define A 1\n"):
            self.assertTrue(put(text).blanks["e1"].filled, text)

    def test_stub(self):
        for text in ("return 0;", "return\t0 ; // later", "", "/* return 1; */ return 0;"):
            self.assertFalse(put(text, "r1").blanks["r1"].filled, text)
        for text in ("return 0; y = x;", "y = x; return 0;", "return 1;", "return 0; return 0;"):
            self.assertTrue(put(text, "r1").blanks["r1"].filled, text)

    def test_same_code(self):
        b = PRISTINE.blanks["e1"]
        self.assertTrue(b.same_as("x ++ /* one */\n; // done"))
        self.assertFalse(b.same_as("x += 1;"))


class Harmless(unittest.TestCase):
    """What becomes of a file on its way."""

    def same(self, text):
        s = source(text)
        self.assertEqual([], [p.text for p in s.problems])
        self.assertEqual(list(PRISTINE.blanks), list(s.blanks))
        for id_, b in s.blanks.items():
            self.assertTrue(b.same_as(PRISTINE.blanks[id_].text))
            self.assertEqual(PRISTINE.blanks[id_].function, b.function)
        self.assertEqual(PRISTINE.code_outside(), s.code_outside())
        return s

    def test_line_ends(self):
        s = self.same(TEXT.replace("\n", "\r\n"))
        self.assertEqual((7, 7), (s.blanks["e1"].first, s.blanks["e1"].last))
        self.assertNotIn("\r", s.blanks["e1"].body)
        self.assertNotIn("\n", s.emptied().replace("\r\n", ""))
        self.same(TEXT.replace("\n", "\r\n", 5))  # some of them
        s = self.same(TEXT.replace("\n", "\r"))
        self.assertEqual((7, 7), (s.blanks["e1"].first, s.blanks["e1"].last))
        self.assertNotIn("\n", s.emptied())

    def test_byte_order_mark(self):
        self.same("\ufeff" + TEXT)
        self.same(blanks.decode(b"\xef\xbb\xbf" + TEXT.encode()))
        self.same(blanks.decode(TEXT.encode("utf-16")))
        self.same(blanks.decode(b"\xfe\xff" + TEXT.encode("utf-16-be")))

    def test_indentation(self):
        self.same(TEXT.expandtabs(4))
        self.same("\n".join(line.strip() for line in TEXT.split("\n")))
        self.same("\n".join(line + " \t " for line in TEXT.split("\n")))
        self.same(TEXT.rstrip("\n"))
        self.same("\n\n\n" + TEXT + "\n\n")

    def test_markers_in_other_forms(self):
        self.same(TEXT.replace("/* RaftLab Election Step1 end */", "/*RaftLab Election Step1 end*/"))
        self.same(TEXT.replace("/* RaftLab Election Step1 end */", "/* RaftLab  Election  Step1  end   */"))
        self.same(TEXT.replace("\t/* RaftLab Election Step1:", "\t/*\n\t * RaftLab Election Step1:"))
        self.same(TEXT.replace("\tx++;\n\t/* RaftLab Election Step1 end */", "\tx++; /* RaftLab Election Step1 end */"))
        self.same(TEXT.replace("to x. */\n\tx++;", "to x. */ x++;"))
        self.same(TEXT.replace("to x. */\n\tx++;\n\t", "to x. */x++;"))
        self.same(TEXT.replace("Step1 end */\n\n\tif", "Step1 end */ if"))

    def test_marker_on_a_line_with_code(self):
        s = self.same(TEXT.replace("to x. */\n\tx++;\n\t", "to x. */x++;"))
        b = s.blanks["e1"]
        self.assertEqual((6, 6, "x++;\n"), (b.first, b.last, b.body))

    def test_strange_bytes(self):
        text = blanks.decode(TEXT.encode().replace(b"x++;", b"x++; /* \xb5\xff\x00 */"))
        s = self.same(text)
        self.assertIn(b"\xb5\xff\x00", blanks.encode(s.text))

    def test_marker_text_elsewhere(self):
        for noise in ("\tputs(\"/* RaftLab Election Step2: */\");\n", "\t// /* RaftLab Election Step1 end */\n",
                      "\t/* see RaftLab Election Step1: above */\n", "\tchar q = '\"', c = '\\'';\n"):
            s = put("\tx++;\n" + noise)
            self.assertEqual([], [p.text for p in s.problems], noise)
            self.assertEqual(list(PRISTINE.blanks), list(s.blanks))


class Problems(unittest.TestCase):
    def check(self, text, rules, left):
        s = source(text)
        self.assertEqual(rules, [(p.id, p.rule, p.line) for p in s.problems])
        self.assertEqual(left, list(s.blanks))
        for p in s.problems:
            self.assertTrue(p.say("en") and p.say("zh"))

    def test_deleted(self):
        self.check(TEXT.replace(END1, ""), [("e1", "marker-end-missing", 5)], ["e2", "r1"])
        self.check(TEXT.replace(BEGIN2, ""), [("e2", "marker-begin-missing", 12)], ["e1", "r1"])
        self.check(TEXT.replace(BEGIN2, "").replace("\t\t/* RaftLab Election Step2 end */\n", ""),
                   [("e2", "markers-missing", 0)], ["e1", "r1"])
        self.check("", [(i, "markers-missing", 0) for i in ("e1", "e2", "r1")], [])

    def test_doubled(self):
        self.check(TEXT.replace(END1, END1 + END1), [("e1", "marker-end-twice", 9)], ["e2", "r1"])
        self.check(TEXT.replace(BEGIN2, BEGIN2 + BEGIN2), [("e2", "marker-twice", 12)], ["e1", "r1"])
        blank = TEXT[TEXT.index(BEGIN2):TEXT.index("\t}\n\treturn x")]
        self.check(TEXT.replace(blank, blank + blank), [("e2", "marker-twice", 14)], ["e1", "r1"])

    def test_renamed(self):
        self.check(TEXT.replace("Election Step2:", "Election Step1:"),
                   [("e1", "marker-twice", 11), ("e2", "marker-begin-missing", 13)], ["r1"])
        self.check(TEXT.replace("Election Step2", "Election Step7"),
                   [(None, "marker-unknown", 11), (None, "marker-unknown", 13), ("e2", "markers-missing", 0)],
                   ["e1", "r1"])

    def test_crossed(self):
        text = TEXT.replace(END1, "\0").replace(BEGIN2, END1).replace("\0", BEGIN2)
        s = source(text)
        self.assertEqual({"e1", "e2"}, {p.id for p in s.problems})
        self.assertEqual(["r1"], list(s.blanks))

    def test_swapped(self):
        begin1 = TEXT[TEXT.index("\t/* RaftLab Election Step1:"):TEXT.index("\tx++")]
        text = TEXT.replace(END1, "\0").replace(begin1, END1).replace("\0", begin1)
        self.check(text, [("e1", "marker-begin-missing", 5)], ["e2", "r1"])

    def test_moved_around_another(self):
        text = TEXT.replace(END1, "").replace("\treturn x;\n", END1 + "\treturn x;\n")
        s = source(text)
        self.assertEqual([("e1", "marker-around")], [(p.id, p.rule) for p in s.problems])

    def test_moved_to_another_function(self):
        blank = TEXT[TEXT.index("\t/* RaftLab Election Step1:"):TEXT.index(END1)] + END1
        text = TEXT.replace(blank, "").replace("\tint y;\n", "\tint y;\n" + blank)
        s = source(text)
        self.assertEqual([("e1", "marker-moved")], [(p.id, p.rule) for p in s.problems])
        self.assertIn("first()", s.problems[0].text)

    def test_moved_over_given_code(self):
        end = "\t/* RaftLab Replication Step1 end: return 0; */\n"
        s = source(TEXT.replace(end + "\treturn y;\n", "\treturn y;\n" + end))
        self.assertEqual([("r1", "marker-over-given")], [(p.id, p.rule) for p in s.problems])
        begin = "\t/* RaftLab Replication Step1: set y. */\n"
        s = source(TEXT.replace("\tint y;\n" + begin, begin + "\tint y;\n"))
        self.assertEqual([("r1", "marker-over-given")], [(p.id, p.rule) for p in s.problems])

    def test_what_looks_moved(self):
        # A blank that ends as the given code behind it begins.
        s = put("\ty = x;\n\treturn y;\n", "r1")
        self.assertEqual([], s.problems)
        # And code of the student's own behind the blank.
        s = source(TEXT.replace(END1, END1 + "\tputs(\"here\");\n"))
        self.assertEqual([], s.problems)
        # Given code deleted behind the blank is no matter of its marker.
        s = source(TEXT.replace("\treturn y;\n", ""))
        self.assertEqual([], s.problems)

    def test_unclosed_comment_in_a_blank(self):
        s = put("\tx++; /* and that is it\n")
        self.assertEqual([], s.problems)
        self.assertEqual((7, 0), (s.blanks["e1"].unclosed, s.blanks["e2"].unclosed))
        self.assertEqual(["e1", "e2", "r1"], list(s.blanks))

    def test_unclosed_comment_before_a_marker(self):
        s = source(TEXT.replace("\tif (x > 2) {\n", "\tif (x > 2) { /* oh\n"))
        self.assertEqual(["e1", "e2", "r1"], list(s.blanks))

    def test_conditionals_around_markers(self):
        s = source(TEXT.replace(END1, END1 + "#endif\n").replace("\t/* RaftLab Election Step1:",
                                                                 "#if 0\n\t/* RaftLab Election Step1:"))
        self.assertEqual([], s.problems)
        self.assertNotEqual(PRISTINE.code_outside(), s.code_outside())

    def test_braces_do_not_hide_functions(self):
        for text in ("x++; }", "if (x) {", "}}}", "{{{"):
            s = put(text)
            self.assertEqual([], s.problems, text)
            self.assertEqual(["first", "first", "second"], [b.function for b in s.blanks.values()])


class Garbage(unittest.TestCase):
    def test_never_raises(self):
        rng = random.Random(1)
        pieces = ["/*", "*/", "//", "\"", "'", "\\", "\n", "\r\n", "{", "}", "#if 0", "#endif",
                  "RaftLab Election Step1", "RaftLab Election Step1: x", " end ", ":", "/* RaftLab Election Step1: a */",
                  "/* RaftLab Election Step1 end */",
                  "/* RaftLab Replication Step1 end: return; */", "\0", "\udcff", "é"]
        for _ in range(500):
            text = "".join(rng.choice(pieces) for _ in range(rng.randrange(60)))
            s = source(text)
            s.outside(), s.emptied(), [b.filled for b in s.blanks.values()]
            self.assertEqual(len(text), sum(t.end - t.start for t in ctokens.tokens(text)))

    def test_truncated_anywhere(self):
        for n in range(0, len(TEXT), 7):
            source(TEXT[:n])

    def test_long_lines_and_comments_are_soon_read(self):
        source(TEXT + "/* " * 20000 + "*" * 50000 + "\"" * 1000)

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "raft.c")
            for data in (b"", b"\xff\xfd\0" * 99, b"\xff\xfe\0", TEXT.encode()):
                with open(path, "wb") as f:
                    f.write(data)
                self.assertEqual(data, blanks.encode(blanks.read_source(path)))
            with open(path, "wb") as f:
                f.write(b"x" * (blanks.BIGGEST + 1))
            for bad in (path, folder, path + "?"):
                with self.assertRaises(blanks.SourceError):
                    blanks.read_source(bad)


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
