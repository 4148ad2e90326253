#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of what a student types and reads: options, languages, columns, the report, and what
was changed outside the blanks. The last line is "N passed, M failed"."""

import io
import os
import re
import string
import sys
import unittest

sys.path.insert(0, os.path.abspath(__file__).rsplit("/", 4)[0])

from lab.grader import blanks, build, failure, layout, options, outside, reference, testing, words  # noqa: E402
from lab.grader import verdict as v  # noqa: E402 (the path comes first)
from lab.grader.more_words import width  # noqa: E402
from lab.grader.student.report import LocalReport  # noqa: E402
from lab.grader.program import Result  # noqa: E402
from lab.grader.testing import TABLE, TEXT  # noqa: E402

PRISTINE = blanks.Source(TEXT, TABLE)


class Options(unittest.TestCase):
    def parse(self, line, **environ):
        return options.parse(line.split(), TABLE, environ)

    def test_commands(self):
        for line, command, ids in (("", "test", []), ("e2 e1", "test", ["e1", "e2"]), ("E1", "test", ["e1"]),
                                   ("election", "test", ["e1", "e2"]), ("all", "test", ["e1", "e2", "r1"]),
                                   ("election-2 r1", "test", ["e2", "r1"]), ("sanitize", "sanitize", []),
                                   ("sanitize r1", "sanitize", ["r1"]), ("gdb e1", "gdb", ["e1"])):
            found = self.parse(line)
            self.assertEqual((command, ids, False), (found.command, found.ids, found.help), line)

    def test_of_others(self):
        for line, command, rest in (("hint e1 2", "hint", ["e1", "2"]), ("--watch", "watch", []),
                                    ("--grade a.c --json -h", "grade", ["a.c", "--json", "-h"])):
            found = self.parse(line)
            self.assertEqual((command, rest), (found.command, found.rest))

    def test_language(self):
        for line, environ, lang in (("", {}, "en"), ("--lang zh", {}, "zh"), ("e1 --lang=zh", {}, "zh"),
                                    ("", {"LANG": "zh_CN.UTF-8"}, "zh"), ("", {"LANG": "C"}, "en"),
                                    ("", {"LANG": "zh_CN", "LC_ALL": "C"}, "en"),
                                    ("", {"LANG": "en_US", "LC_MESSAGES": "zh_TW"}, "zh"),
                                    ("--lang en", {"LANG": "zh_CN"}, "en"), ("hint e1 --lang zh", {}, "zh")):
            self.assertEqual(lang, self.parse(line, **environ).lang, line)

    def test_refused(self):
        for line in ("x7", "--lang", "--lang fr", "--lang=", "--nothing", "-x", "gdb", "gdb e1 e2", "e1 gdb", "gdb x"):
            with self.assertRaises(options.UsageError, msg=line):
                self.parse(line)

    def test_usage(self):
        self.assertTrue(self.parse("-h").help and self.parse("gdb --help").help)
        for lang in ("en", "zh"):
            self.assertIn("election", options.usage(TABLE, lang))


class Words(unittest.TestCase):
    def test_both_languages_name_the_same(self):
        for key, (en, zh) in words.WORDS.items():
            fields = [sorted({name for _, name, _, _ in string.Formatter().parse(text) if name}) for text in (en, zh)]
            self.assertEqual(*fields, key)
            if re.search(r"[a-z]{4}", re.sub(r"\{.*?\}|\S*[./_]\S*", "", en)) and key != "label-more":
                self.assertRegex(zh, "[\u4e00-\u9fff]", key)

    def test_join_and_number(self):
        self.assertEqual(["", "A", "A and B", "A, B and C"], [words.join("en", "ABC"[:n]) for n in range(4)])
        self.assertEqual("A、B和 C", words.join("zh", "ABC"))
        self.assertEqual(("two", "两", "70"), (words.number("en", 2), words.number("zh", 2), words.number("en", 70)))

    def test_read_on(self):
        self.assertEqual("Raft 论文 5.2 节和图 2（RequestVote）",
                         words.read_on("zh", "Raft paper, section 5.2 and figure 2 (RequestVote)"))
        self.assertEqual("Raft 论文 5.3、5.4.2 节", words.read_on("zh", "Raft paper, sections 5.3 and 5.4.2"))
        self.assertEqual("thesis", words.read_on("zh", "thesis"))


class Columns(unittest.TestCase):
    def test_wrap(self):
        self.assertEqual(["one two", "three"], layout.wrap("one two three", 9))
        self.assertEqual(["averylongword", "x"], layout.wrap("averylongword x", 4))
        self.assertEqual(["节点 1 发", "送。"], layout.wrap("节点 1 发送。", 10))
        self.assertEqual(["a", "", "b"], layout.wrap("a\n\nb", 10))
        text = "节点 3 发送 MsgVoteResp 3->2 任期 4 赞成，选票投给了节点 2；然后（再一次）等待。" * 4
        for columns in (20, 33, 80):
            lines = layout.wrap(text, columns)
            self.assertEqual(text.replace(" ", ""), "".join(lines).replace(" ", ""))
            self.assertTrue(all(width(line) <= columns and line[0] not in "，；。）" for line in lines))

    def test_nothing_reaches_the_terminal(self):
        self.assertEqual(["a\\x1b[2Jb\\xb5"], layout.wrap("a\x1b[2Jb\udcb5", 80))


class Failures(unittest.TestCase):
    def make(self, **more):
        values = {"name": "e1_a", "result": "fail", **more}
        return failure.make_failure(Result(**values), PRISTINE, "en")

    def test_expectation(self):
        f = self.make(message="expected: one\nmore\nseen: two", place="lab/x_test.c:3", notes=("think: why?",))
        self.assertEqual(("one\nmore", "two", "lab/x_test.c:3", "", "why?"),
                         (f.expected, f.seen, f.expectation, f.place, f.think))

    def test_place_in_a_blank(self):
        f = self.make(result="panic", message="no", place="raft/util.c:1",
                      backtrace=("raft/util.c:1", "raft/raft.c:17", "raft/raft.c:7", "lab/x_test.c:3"))
        self.assertEqual(("raft/raft.c:7", "lab/x_test.c:3"), (f.place, f.expectation))
        self.assertIn("raft_panicf: no, at raft/raft.c:7", f.seen)
        self.assertEqual("raft/raft.c:17", self.make(result="crash", backtrace=("raft/raft.c:17",)).place)

    def test_how_it_ended(self):
        for result, word in (("timeout", "endless loop"), ("exit", "exit()"), ("memory", "memory ran out"),
                             ("forbidden", "the code calls open"), ("crash", "a crash: open")):
            self.assertIn(word, self.make(result=result, message="open").seen)
        self.assertIn("stack is full", self.make(result="crash", backtrace=("raft/raft.c:7",) * 9).seen)
        self.assertIn("AddressSanitizer: heap-use-after-free", self.make(
            result="crash", printed="==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x1 at\n").seen)

    def test_most_telling(self):
        crash, vague = Result("e1_a", "crash"), Result("e1_b", "fail", message="departed")
        telling, other = Result("e1_c", "fail", message="expected: a\nseen: b"), Result("election_a", "fail")
        rank = [r.name for r in failure.most_telling([other, crash, vague, telling], "e1")]
        self.assertEqual(["e1_c", "e1_b", "e1_a", "election_a"], rank)
        self.assertEqual("e1_a", failure.most_telling([telling, crash], "e1", True)[0].name)


class Report(unittest.TestCase):
    def verdict(self, **statuses):
        steps = {s.id: v.StepVerdict(s.id, statuses.get(s.id, v.PASSED)) for s in TABLE}
        for step in steps.values():
            if step.status == v.FAILED:
                step.failures = [v.Failure(f"{step.id}_a", "fail", expected="one thing", seen="another", think="why?")]
            if step.status in (v.COMPILE_ERROR, v.TAMPERED):
                step.reason = "raft/raft.c:7: because"
        return v.Verdict("raft/raft.c", TABLE, steps)

    def text(self, verdict, lang="en", **more):
        return "\n".join(LocalReport(verdict, PRISTINE, lang, io.StringIO(), **more).lines())

    def test_pass(self):
        text = self.text(self.verdict())
        self.assertTrue(text.endswith("\n[###]  3 of 3 steps passed\nPASS"))
        self.assertNotIn("\x1b", text)

    def test_the_first_in_full(self):
        text = self.text(self.verdict(e1=v.FAILED, r1=v.FAILED))
        self.assertEqual((2, 1), (text.count("another"), text.count("why?")))
        self.assertIn("Next: e1, Election Step1, raft/raft.c:5, first()\nFAIL", text)
        text = self.text(self.verdict(e1=v.FAILED, r1=v.FAILED), in_full=True)
        self.assertEqual(2, text.count("why?"))

    def test_mended_before_filled(self):
        self.assertIn("Next: e2", self.text(self.verdict(e1=v.EMPTY, e2=v.FAILED)))
        self.assertIn("hint e1", self.text(self.verdict(e1=v.EMPTY)))

    def test_other_ends(self):
        text = self.text(self.verdict(e1=v.COMPILE_ERROR, e2=v.TAMPERED), in_full=True)
        self.assertIn("does not compile", text)
        self.assertIn("not judged", text)
        self.assertEqual(2, text.count("because"))
        self.assertIn("[C!#]", text)

    def test_outside(self):
        verdict = self.verdict()
        verdict.outside_failure = v.Failure("raft/raft.c", "compile-error", seen="error")
        verdict.outside = ["Changed."]
        text = self.text(verdict)
        self.assertTrue("Changed." in text and "does not compile" in text and text.endswith("FAIL"))

    def test_chinese(self):
        text = self.text(self.verdict(e1=v.FAILED, e2=v.EMPTY), "zh")
        self.assertTrue("未通过" in text and "未填写" in text and "期望" in text)


class Outside(unittest.TestCase):
    def lines(self, text):
        return outside.changed_lines(blanks.Source(text, TABLE), PRISTINE)

    def test_unchanged(self):
        for text in (TEXT, TEXT.expandtabs(3), TEXT + "\n\n", TEXT.replace("x++", "x += 2;\n\n\nx--"),
                     TEXT.replace("\n", "\r\n")):
            self.assertEqual([], self.lines(text))

    def test_changed(self):
        self.assertEqual([3], self.lines(TEXT.replace("int first", "/* mine */\nint first")))
        self.assertEqual([15], self.lines(TEXT.replace("return x;", "return x + 1;")))
        both = TEXT.replace("int first", "int a;\nint first").replace("return x", "return a")
        self.assertEqual([3, 16], self.lines(both))
        self.assertEqual(1, len(self.lines(TEXT.replace("\treturn x;\n", ""))))
        self.assertEqual([26], self.lines(TEXT + "int last;\n"))
        self.assertEqual(1, len(self.lines("")))
        self.assertEqual(1, len(self.lines(TEXT + "int last;\n" * 9999)))

    def test_places(self):
        self.assertEqual("raft/raft.c:1 raft/raft.c:2 raft/raft.c:3 ...", outside.places([1, 2, 3, 4]))


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


class Compiler(unittest.TestCase):
    LOG = ("raft/raft.c: In function 'f':\nraft/raft.c:7:3: warning: unused 'x' [-W]\n    7 | int x;\n      |     ^\n"
           "raft/raft.c:9:4: error: 'a' undeclared\nraft/raft.c:9:4: note: once\nreference:1:2: error: no\n"
           "/a b/raft/raft.c:11: undefined reference to `z'\ncollect2: error: ld returned 1\n")

    def test_words(self):
        log = build.Compiled(False, self.LOG)
        self.assertEqual([9, 11], log.places)
        self.assertEqual(3, len(log.warnings))
        self.assertIn("\nraft/raft.c:11: undefined reference", log.errors)
        self.assertNotIn("unused", log.errors)


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
