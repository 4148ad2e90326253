# SPDX-License-Identifier: Apache-2.0
"""--format junit: XML as the JUnit task of Ant writes it and Jenkins, GitLab and others
read it. A suite for each file, a case for each step; valid for Ant's schema and for
that of Jenkins' xUnit plugin, of which the first wants more, the second allows less."""

import re
import time
import xml.etree.ElementTree as xml

from lab.grader import verdict as v
from lab.grader.explain import step_lines
from lab.grader.layout import visible
from lab.grader.teacher.message import step_line
from lab.grader.teacher.report import Report
from lab.grader.words import say

# What XML 1.0 cannot hold, not even escaped, and that visible() leaves.
NOT_XML = re.compile("[\ufffe\uffff]")

ELEMENTS = {v.FAILED: "failure", v.COMPILE_ERROR: "error", v.TAMPERED: "error"}


def clean(text):
    return NOT_XML.sub("\ufffd", visible(text))


class JunitReport(Report):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.root = xml.Element("testsuites")

    def add(self, verdict):
        cases = [self.case(verdict, step) for step in self.table]
        found = [child.tag for case in cases for child in case]
        suite = xml.SubElement(self.root, "testsuite", {
            "name": clean(verdict.file) or "-",
            "package": "raftlab",
            "id": str(len(self.root)),
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S"),
            "hostname": "localhost",
            "tests": str(len(cases)),
            "failures": str(found.count("failure")),
            "errors": str(found.count("error")),
            "skipped": str(found.count("skipped")),
            "time": f"{verdict.seconds:.3f}",
        })
        properties = xml.SubElement(suite, "properties")
        for name, value in (("verdict", verdict.verdict), ("points", str(verdict.points)), ("most", str(self.most))):
            xml.SubElement(properties, "property", {"name": name, "value": value})
        suite.extend(cases)
        xml.SubElement(suite, "system-out")
        xml.SubElement(suite, "system-err")

    def case(self, verdict, step):
        """One step. Its time is not known: many steps are judged by one run of the tests."""
        found = verdict.steps[step.id]
        case = xml.Element("testcase", {"name": f"{step.name}: {step.title(self.lang)}",
                                        "classname": clean(verdict.file), "time": "0"})
        if found.status == v.EMPTY:
            xml.SubElement(case, "skipped", {"message": say(self.lang, v.EMPTY)})
        elif found.status in ELEMENTS:
            line = clean(step_line(found, self.lang))
            said = xml.SubElement(case, ELEMENTS[found.status], {"message": line, "type": found.status})
            said.text = clean("\n".join(step_lines(step, found, self.lang)))
        return case

    def end(self):
        xml.indent(self.root)
        text = xml.tostring(self.root, encoding="unicode")
        self.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')
