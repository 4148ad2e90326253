#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that README.md and Documentation/*.md speak of what there is: every link
leads somewhere, and every path, function, message and make target between
backquotes exists in the tree. The last line is "N passed, M failed"."""

import glob
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCES = ("raft", "server", "client", "lab", "Documentation")

# Between backquotes, but made up, or there only when something was built or run.
NOT_HERE = re.compile(
    r"^(\./)?(bin|build|data|handout|dir)(/|$)|^x[_.]\w|[*<>|…]|\.\.\.|^/|://|^(Test|Benchmark)[A-Z]"
    r"|^setup\.sh$|^lab/reference\.sealed$"
)
# Stays with the teacher (lab/teacher.txt): in a handout, pages speak of it in vain.
TEACHERS = re.compile(r"(^|/)(teaching(\.zh)?\.md|teaching_test\.py|teacher\.txt|solution\.c|mistakes/?|alternatives/?"
                      r"|mutations/?|check(\.py|/)?)$")
# A block to be written to a file has the file's name above it, alone in its line.
FILE_TO_WRITE = re.compile(r"\*\*`[^`]+`\*\*$")


def tree():
    """All paths below the folders that documents speak of."""
    files = {f for f in os.listdir(TOP) if not f.startswith(".")}
    for top in SOURCES:
        for folder, dirs, names in os.walk(os.path.join(TOP, top)):
            dirs[:] = [d for d in dirs if not d.startswith(".")]
            here = os.path.relpath(folder, TOP)
            files.update(os.path.join(here, n) for n in dirs + names)
    return files


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8", errors="replace") as f:
        return f.read()


def words(paths):
    """Every identifier in the sources, Makefiles and scripts."""
    found = set()
    for path in paths:
        if re.search(r"\.(c|h|py|sh|awk|mk|proto|tsv)$|Makefile$", path):
            found.update(re.findall(r"\w+", read(path)))
    return found


def targets():
    found = set()
    for path in ("Makefile", "lab/lab.mk", "raft/raftpb/raftpb.mk"):
        for line in re.findall(r"^([a-z][\w -]*):(?!=)", read(path), re.M):
            found.update(line.split())
    return found


def slug(heading):
    """The anchor that a heading gets: GitHub's rule."""
    text = re.sub(r"[^\w\- ]", "", heading.replace("`", "").strip().lower())
    return text.replace(" ", "-")


class Page:
    def __init__(self, path, files, identifiers, make):
        self.path, self.files, self.identifiers, self.make = path, files, identifiers, make
        self.folder = os.path.dirname(path)
        self.text = read(path)
        self.is_handout = "lab/HANDOUT" in files
        self.checked = 0
        self.wrong = []

    def check(self, holds, line, what):
        self.checked += 1
        if not holds:
            self.wrong.append(f"{self.path}:{line}: {what}")

    def link(self, line, target):
        if "://" in target or target.startswith("mailto:"):
            return
        path, _, anchor = target.partition("#")
        whole = os.path.normpath(os.path.join(self.folder, path)) if path else self.path
        if self.is_handout and TEACHERS.search(whole):
            return
        self.check(os.path.exists(os.path.join(TOP, whole)), line, f"the link {target} leads nowhere")
        if anchor and whole.endswith(".md") and os.path.exists(os.path.join(TOP, whole)):
            headings = re.findall(r"^#+ (.*)$", read(whole), re.M)
            self.check(anchor in map(slug, headings), line, f"{whole} has no heading #{anchor}")

    def exists(self, path, section):
        if self.is_handout and TEACHERS.search(path):
            return True
        path = path.rstrip("/")
        places = (path, os.path.join(self.folder, path), os.path.join(section, path))
        if any(os.path.normpath(p) in self.files for p in places):
            return True
        # A file may be named alone where its folder is plain.
        return "/" not in path and any(f.endswith("/" + path) for f in self.files)

    def quoted(self, line, text, section):
        if NOT_HERE.search(text):
            return
        made = re.match(r"make ((?:[a-z][\w-]*(?: |$))+)", text)
        if made:
            for target in made.group(1).split():
                self.check(target in self.make, line, f"make has no target {target}")
        elif re.fullmatch(r"(\./)?[\w.-]+(/[\w.-]+)*(\.(c|h|md|sh|py|mk|awk|tsv|proto|svg)|/)", text):
            self.check(self.exists(text, section), line, f"{text} does not exist")
        elif re.fullmatch(r"[A-Za-z]\w*_\w+(\(\))?", text):
            self.check(text.removesuffix("()") in self.identifiers, line, f"{text} is nowhere in the sources")

    def run(self):
        section, fenced = "", False
        for number, line in enumerate(self.text.split("\n"), 1):
            if line.startswith("```"):
                fenced = not fenced
            if fenced or line.startswith("    ") or FILE_TO_WRITE.match(line):
                continue
            heading = re.match(r"#+ ([\w/.-]+)/$", line)
            if line.startswith("#"):
                section = heading.group(1) if heading else ""
            for target in re.findall(r"\]\(([^)\s]+)\)", line):
                self.link(number, target)
            for text in re.findall(r"`([^`]+)`", line):
                self.quoted(number, text, section)


def main():
    files = tree()
    identifiers, make = words(files), targets()
    passed = failed = 0
    os.chdir(TOP)
    for path in ["README.md"] + sorted(glob.glob("Documentation/*.md")):
        page = Page(path, files, identifiers, make)
        page.run()
        if not page.checked:
            page.wrong.append(f"{path}: nothing to check was found in it")
        print("\n".join(page.wrong) if page.wrong else f"{path}: {page.checked} names and links")
        passed += not page.wrong
        failed += bool(page.wrong)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
