#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of what the text of a blank must keep to. The last line is "N passed, M failed"."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from lab.grader import blanks, rules, testing  # noqa: E402 (the path comes first)
from lab.grader.testing import TABLE, TEXT  # noqa: E402

PRISTINE = blanks.Source(TEXT, TABLE)
GIVEN = rules.names_in(PRISTINE.code_outside())
FIRST = 6  # the line of TEXT at which what is put into e1 begins, as the opening comment ends there


def check(text):
    return rules.check(blanks.Source(PRISTINE.graft({"e1": text}), TABLE).blanks["e1"], GIVEN)


class Rules(unittest.TestCase):
    def breaks(self, rule, *texts, line=1):
        for text in texts:
            found = check(text)
            self.assertIsNotNone(found, text)
            self.assertEqual((rule, FIRST + line), (found.rule, found.line), text)
            self.assertTrue(found.say("en") and found.say("zh"))

    def test_kept(self):
        for text in ("", "x++;", "{ int y[3] = {1}; x = y[0]; }", "#define A (1)\nx += A;\n#undef A",
                     "#if 1\n{\n#else\n#endif\n}"[:5] + "\nx++;\n#endif", "#include <stdio.h>\nputs(\"}\");",
                     "char c = '{'; /* } */ // )", "x++; // a comment \\",
                     "#if X\nx++;\n#elif Y\n{}\n#else\n()\n#endif",
                     "#error no\n", "#\n", "<% x++; %>", "int __attribute__((unused)) y;", "#include \"string.h\"\n",
                     "__typeof__(x) y = x;", "out: x++;", "int labour = 1, runner = 2;"):
            self.assertIsNone(check(text), text)

    def test_brackets(self):
        self.breaks("rule-too-many", "x++; }", ")", "x++; } evil(); {", "x++; %> <%")
        self.breaks("rule-not-closed", "if (x) {", "f(", "a[1", "<% x++;")
        self.breaks("rule-crossed", "f(x];", "{ ( }")
        self.breaks("rule-too-many", "x++;\n\n}", line=3)

    def test_trigraphs_and_joined_lines(self):
        self.breaks("rule-too-many", "x++; ??> evil(); ??<")
        self.breaks("rule-directive", "??=pragma once")
        self.breaks("rule-asm", "as\\\nm(\"nop\");", "__as\\\r\nm__(\"nop\");")
        # Behind a comment that goes on by a backslash there is no code.
        self.assertIsNone(check("// a \\\n } \\\n }"))

    def test_conditionals(self):
        self.breaks("rule-if-not-closed", "#if 1\nx++;", "#ifdef A\n#else\n")
        self.breaks("rule-no-if", "#endif\n", "#else\n", "#elif 1\n")
        # Braces that the preprocessor takes away must not close the blank.
        self.breaks("rule-if-brackets", "#if 0\n{\n#endif\n} evil(); {\n#if 0\n}\n#endif", line=3)
        self.breaks("rule-if-brackets", "#if 0\n{\n#else\n#endif\n}", line=3)

    def test_tampering(self):
        self.breaks("rule-asm", "asm(\"nop\");", "__asm__ volatile (\"\");")
        self.breaks("rule-attribute", "void f(void) __attribute__((constructor));",
                    "void f(void) __attribute__((__destructor__(101)));")
        self.breaks("rule-directive", "#pragma GCC poison x", "#line 7", "# 7 \"x\"", "%:pragma once",
                    "#include_next <a.h>", "/* a */ #pragma x")
        self.breaks("rule-include", "#include \"/etc/passwd\"", "#include \"raft/raft.h\"", "#include <sys/mman.h>",
                    "#include A")
        self.breaks("rule-define", "#define first(x) 0", "#undef second", "#define x y", "# define x")
        self.breaks("rule-paste", "#define A(a, b) a##b", "#define A(a, b) a %:%: b")
        self.breaks("rule-name", "lab_students_blanks = 0;", "extern int runner_fail;", "_Pragma(\"once\")",
                    "#define A lab_blank_ids", "#define lab_blank_ids", "#undef LAB_TEST")
        self.breaks("rule-asm", "#define A asm")

    def test_macros(self):
        self.breaks("rule-macro-brackets", "#define O {", "#define C }", "#define A(x) (x")
        self.assertEqual(["A", "B"], rules.macros("#define A 1\n x\n#undef B\n#define A 2"))

    def test_unclosed_comment(self):
        self.breaks("rule-comment", "x++; /* and that is it")

    def test_headers(self):
        self.assertEqual(["math", "stdio"], rules.headers("#include <math.h>\n # include \"stdio.h\"\n#include <x.h>"))


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
