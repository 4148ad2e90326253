#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of the reports of --grade, made of verdicts that are made by hand. The last
line is "N passed, M failed"."""

import csv
import io
import json
import os
import sys
import unittest
import xml.etree.ElementTree as xml

sys.path.insert(0, os.path.abspath(__file__).rsplit("/", 4)[0])

from lab.grader import layout, testing, verdict as v  # noqa: E402 (the path comes first)
from lab.grader.steps import Step  # noqa: E402
from lab.grader.teacher import message  # noqa: E402
from lab.grader.teacher.formats import FORMATS  # noqa: E402
from lab.grader.teacher.summary import Summary  # noqa: E402

TABLE = [
    Step("e1", "Election Step1", 5, "Raft paper, section 5.2", "A tick passes", "时钟走一格"),
    Step("e2", "Election Step2", 10, "Raft paper, section 5.2", "The election timeout", "选举超时"),
    Step("r1", "Replication Step1", 15, "Raft paper, section 5.3", "Number the new entries", "给新日志项编号"),
]
NAMES = [step.name for step in TABLE]

FAILURE = v.Failure(test="e2_campaigns", result="fail", place="raft/raft.c:12", expectation="e2_test.c:9",
                    about="Node 1 waits.", expected="a vote request to 2 & 3\nin term 1", seen="\"none\" <\x1b[31m>",
                    event="tick 10 of node 1", reference="sends MsgVote", yours="sends nothing",
                    think="Who starts an election?")

ODD = "stu dents/al\"ice', \udcff=\n<raft>.c"


def verdict(file="raft.c", seconds=1.2345, **statuses):
    """A Verdict; steps that are not named passed."""
    steps = {}
    for step in TABLE:
        status = statuses.get(step.id, v.PASSED)
        steps[step.id] = v.StepVerdict(step.id, status, tests=7)
    return v.Verdict(file, TABLE, steps, seconds=seconds)


def failing(file="raft.c"):
    found = verdict(file, e2=v.FAILED)
    found.steps["e2"].failures = [FAILURE, v.Failure("e2_other", "timeout")]
    found.steps["e2"].proof = "with the reference in e2 all is green"
    return found


def broken(file="raft.c"):
    found = verdict(file, e1=v.COMPILE_ERROR, r1=v.EMPTY)
    found.steps["e1"].diagnostics = "In function x:\nraft.c:3:1: error: \x01expected ;\n    3 | x"
    return found


def tampered(file="raft.c"):
    found = verdict(file, e1=v.TAMPERED, e2=v.TAMPERED, r1=v.TAMPERED)
    for step in found.steps.values():
        step.reason = "no marker\nof any step"
    return found


ALL = (verdict, failing, broken, tampered, lambda file="raft.c": verdict(file, e1=v.EMPTY, r1=v.EMPTY))


def report(name, verdicts, lang="en"):
    out = io.StringIO()
    writer = FORMATS[name](out, TABLE, lang, [x.file for x in verdicts])
    writer.begin()
    for one in verdicts:
        writer.add(one)
    writer.end()
    return out.getvalue()


class Message(unittest.TestCase):
    def test_is_empty_if_all_passed(self):
        self.assertEqual(message.message(verdict(), "en"), "")

    def test_names_step_expectation_and_test_in_a_line(self):
        said = message.message(failing(), "en")
        self.assertEqual(said, 'election-2: expected: a vote request to 2 & 3; in term 1; '
                               'seen: "none" <\\x1b[31m> (e2_campaigns)')

    def test_tells_compiler_error_and_empty_steps(self):
        said = message.message(broken(), "en")
        self.assertEqual(said, "election-1: raft.c:3:1: error: \\x01expected ; | not filled in: replication-1")

    def test_tells_what_befell_the_file_once(self):
        self.assertEqual(message.message(tampered(), "en"),
                         "election-1 election-2 replication-1: no marker; of any step")

    def test_names_what_no_test_may_do(self):
        found = verdict(e2=v.TAMPERED)
        found.steps["e2"].reason = "the code calls open, which is not allowed in a test, at raft/raft.c:505"
        self.assertEqual(message.message(found, "en"), "election-2: " + found.steps["e2"].reason)

    def test_is_never_long(self):
        found = failing()
        found.steps["e2"].failures[0] = v.Failure("t", "fail", seen="x" * 100000)
        self.assertLessEqual(len(message.message(found, "en")), message.LONGEST)

    def test_of_a_test_without_words(self):
        for result in ("fail", "timeout", "crash", "panic", "exit", "forbidden", "memory"):
            for lang in ("en", "zh"):
                self.assertTrue(message.failure_line(v.Failure("t", result), lang))


class Json(unittest.TestCase):
    KEYS = ["file", "verdict", "blame", "points", "seconds", "message"]

    def lines(self, verdicts, lang="en"):
        return [json.loads(line) for line in report("json", verdicts, lang).splitlines()]

    def test_one_object_on_a_line_with_the_keys_in_order(self):
        found = self.lines([make(ODD) for make in ALL])
        self.assertEqual(len(found), len(ALL))
        for one in found:
            self.assertEqual(list(one), self.KEYS)
            self.assertEqual(one["file"], ODD)

    def test_verdict_blame_points(self):
        found = self.lines([make() for make in ALL])
        self.assertEqual([(x["verdict"], x["blame"], x["points"], x["seconds"]) for x in found], [
            ("pass", [], 30, 1.234),
            ("fail", ["election-2"], 20, 1.234),
            ("compile-error", ["election-1"], 10, 1.234),
            ("tampered", NAMES, 0, 1.234),
            ("not-filled", ["election-1", "replication-1"], 10, 1.234),
        ])

    def test_is_utf8_and_readable_in_chinese(self):
        text = report("json", [failing("作业/raft.c")], "zh")
        self.assertIn("作业/raft.c", text)
        self.assertIn("期望", text)
        report("json", [failing(ODD)], "zh").encode("utf-8")


class Csv(unittest.TestCase):
    def test_reads_back(self):
        rows = list(csv.DictReader(io.StringIO(report("csv", [failing(ODD), broken("b.c"), tampered("c.c")]))))
        self.assertEqual(list(rows[0]), ["file", "verdict", "blame", "points", *NAMES, "seconds", "message"])
        self.assertEqual(rows[0]["file"], ODD)
        self.assertEqual(rows[0]["election-2"], "failed")
        self.assertEqual(rows[1]["replication-1"], "not-filled")
        self.assertEqual(rows[2]["blame"], " ".join(NAMES))
        self.assertEqual(rows[2]["seconds"], "1.234")


class Junit(unittest.TestCase):
    # Elements and the attributes that both usual schemas want or allow.
    SUITE = {"name", "package", "id", "timestamp", "hostname", "tests", "failures", "errors", "skipped", "time"}

    def parse(self, verdicts, lang="en"):
        return xml.fromstring(report("junit", verdicts, lang).encode("utf-8"))

    def test_is_what_the_schemas_want(self):
        root = self.parse([make(ODD) for make in ALL])
        self.assertEqual((root.tag, root.attrib), ("testsuites", {}))
        for number, suite in enumerate(root):
            self.assertEqual(suite.tag, "testsuite")
            self.assertEqual(set(suite.attrib), self.SUITE)
            self.assertEqual(suite.get("id"), str(number))
            self.assertRegex(suite.get("timestamp"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$")
            self.assertRegex(suite.get("time"), r"^\d+\.\d{3}$")
            self.assertEqual([e.tag for e in suite],
                             ["properties"] + ["testcase"] * len(TABLE) + ["system-out", "system-err"])
            for case in suite.iter("testcase"):
                self.assertEqual(set(case.attrib), {"name", "classname", "time"})
                self.assertLessEqual(len(case), 1)
                for said in case:
                    self.assertEqual(set(said.attrib), {"message"} if said.tag == "skipped" else {"message", "type"})

    def test_counts_and_classes(self):
        root = self.parse([make() for make in ALL])
        counts = [tuple(int(s.get(k)) for k in ("tests", "failures", "errors", "skipped")) for s in root]
        self.assertEqual(counts, [(3, 0, 0, 0), (3, 1, 0, 0), (3, 0, 1, 1), (3, 0, 3, 0), (3, 0, 0, 2)])
        for suite in root:
            tags = [e.tag for e in suite.iter()]
            for name, key in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
                self.assertEqual(tags.count(name), int(suite.get(key)))

    def test_holds_the_students_message(self):
        failure = self.parse([failing()]).find(".//failure")
        self.assertEqual(failure.get("type"), "failed")
        for text in ("a vote request to 2 & 3", "\"none\" <\\x1b[31m>", "Who starts an election?", "sends MsgVote"):
            self.assertIn(text, failure.text)

    def test_names_survive_as_far_as_xml_can(self):
        case = self.parse([verdict("a&<\x02\udcfe\ufffe.c")]).find(".//testcase")
        self.assertEqual(case.get("classname"), "a&<\\x02\\xfe\ufffd.c")

    def test_no_files(self):
        self.assertEqual(len(self.parse([])), 0)


class Gradescope(unittest.TestCase):
    def parse(self, one, lang="en"):
        return json.loads(report("gradescope", [one], lang))

    def test_scores_add_up(self):
        for make in ALL:
            one = make()
            found = self.parse(one)
            self.assertEqual(found["score"], one.points)
            self.assertEqual(sum(t["score"] for t in found["tests"]), one.points)
            self.assertEqual([t["max_score"] for t in found["tests"]], [5, 10, 15])
            self.assertEqual([t["number"] for t in found["tests"]], ["1", "2", "3"])

    def test_uses_only_words_that_gradescope_knows(self):
        for make in ALL:
            found = self.parse(make())
            self.assertEqual(found["output_format"], "text")
            self.assertIn(found["stdout_visibility"], ("hidden", "visible", "after_due_date", "after_published"))
            self.assertIsInstance(found["execution_time"], float)
            for test in found["tests"]:
                self.assertIn(test["status"], ("passed", "failed"))
                self.assertEqual(test["status"] == "passed", test["score"] == test["max_score"])
                self.assertTrue(test["output"])

    def test_tells_the_student_why(self):
        found = self.parse(failing())
        self.assertIn("Who starts an election?", found["tests"][1]["output"])
        self.assertIn("(the first of 2 that fail)", found["tests"][1]["output"])
        self.assertIn("20 of 30", found["output"])

    def test_without_a_submission(self):
        out = io.StringIO()
        FORMATS["gradescope"](out, TABLE, "en").unreadable("No such file")
        found = json.loads(out.getvalue())
        self.assertEqual(found["score"], 0)
        self.assertIn("No such file", found["output"])


class Text(unittest.TestCase):
    def test_table_lines_up_in_both_languages(self):
        for lang in ("en", "zh"):
            lines = report("text", [verdict("甲/raft.c"), verdict("b.c")], lang).splitlines()[:3]
            self.assertEqual(len({layout.width(line) for line in lines}), 1, lines)

    def test_says_which_step_and_why(self):
        text = report("text", [failing()])
        for said in ("election-2 (The election timeout): failed", "a vote request to 2 & 3", "sends nothing",
                     "with the reference in e2 all is green"):
            self.assertIn(said, text)
        self.assertNotIn("\x1b", text)
        self.assertNotIn("The class", text)

    def test_tells_once_what_befell_the_file(self):
        self.assertEqual(report("text", [tampered()]).count("no marker"), 1)

    def test_class_at_the_end(self):
        text = report("text", [failing("a"), failing("b"), verdict("c", seconds=3.0)])
        self.assertIn("The class: 3 files, median 20 of 30 points, median 1.23 s per file", text)
        self.assertRegex(text, r"election-2 +1 +2 +0 +0 +2 +e2_campaigns \(2\)")
        self.assertIn("Most get stuck at election-2, The election timeout: 2 of 3.", text)

    def test_no_files(self):
        self.assertEqual(report("text", []).count("\n"), 1)


class Class(unittest.TestCase):
    def test_all_passed(self):
        self.assertIsNone(Summary(TABLE, [verdict(), verdict()]).hardest)

    def test_counts(self):
        summary = Summary(TABLE, [make() for make in ALL])
        e1 = summary.steps[0]
        self.assertEqual((e1.statuses[v.PASSED], e1.statuses[v.EMPTY], e1.other, e1.stuck), (2, 1, 2, 3))
        self.assertEqual(summary.hardest.step.id, "e1")
        self.assertEqual(summary.points, 10)


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
