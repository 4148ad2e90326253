#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does what teaching.md tells a teacher to do, in a copy of the tree: adds the step of the
worked example, file by file and command by command, and compares what the commands
print with what stands there; makes the archive for Gradescope and grades with it. "..."
in the page stands for anything. Also: teaching.zh.md has the same blocks."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile

from transcript import matches  # beside this file

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXAMPLE = {"en": "## A worked example", "zh": "## 完整的例子"}
SECONDS = 1200  # for one command; make check-lab takes the longest
# What make and git tell those whom they start is of no concern in the copy.
FOREIGN = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "SAN", "BUILD", "OPT", "EXTRA", "BIN_DIR", "GIT_DIR", "GIT_INDEX_FILE",
           "GIT_WORK_TREE", "GIT_PREFIX", "LC_ALL", "LC_MESSAGES", "LANGUAGE")


class Block:
    """A fenced block: of a file (its name stands above it in bold) or of commands."""

    def __init__(self, line, name, kind, text, example):
        self.line, self.name, self.kind, self.text, self.example = line, name, kind, text, example

    def commands(self):
        """[(command, [expected lines])]"""
        found = []
        for line in self.text.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
        return found


def read_page(lang):
    name = "teaching.md" if lang == "en" else f"teaching.{lang}.md"
    with open(os.path.join(ROOT, "Documentation", name), encoding="utf-8") as page:
        return page.read()


def blocks(page, lang):
    """All fenced blocks of a page."""
    found, name, kind, text, example, first = [], "", None, [], False, 0
    for number, line in enumerate(page.splitlines(), 1):
        if line.startswith("```") and kind is None:
            kind, text, first = line[3:] or "text", [], number + 1
        elif line == "```":
            found.append(Block(first, name, kind, "".join(t + "\n" for t in text), example))
            name, kind = "", None
        elif kind is not None:
            text.append(line)
        elif line:
            title = re.fullmatch(r"\*\*`([^`]+)`\*\*", line)
            name = title[1] if title else ""
            example = example or line.startswith(EXAMPLE[lang])
    return found


def patched(text, diff):
    """The text with the hunk put where its old lines are; without any, at the end."""
    lines = diff.splitlines()
    old = "".join(line[1:] + "\n" for line in lines if line[:1] in (" ", "-"))
    new = "".join(line[1:] + "\n" for line in lines if line[:1] in (" ", "+"))
    if not old:
        return text + new
    if text.count(old) != 1:
        raise ValueError(f"the old lines are there {text.count(old)} times, not once")
    return text.replace(old, new)


class Tree:
    """The copy of the tree."""

    def __init__(self, top):
        self.top = top
        self.env = {k: v for k, v in os.environ.items() if k not in FOREIGN}
        self.env.update(LANG="C.UTF-8", NO_COLOR="1", GIT_CONFIG_GLOBAL=os.devnull, GIT_AUTHOR_NAME="RaftLab",
                        GIT_AUTHOR_EMAIL="raftlab@localhost", GIT_COMMITTER_NAME="RaftLab",
                        GIT_COMMITTER_EMAIL="raftlab@localhost")
        names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, text=True,
                               capture_output=True).stdout.splitlines()
        for name in names:
            source, copy = os.path.join(ROOT, name), os.path.join(top, name)
            if os.path.isfile(source):
                os.makedirs(os.path.dirname(copy), exist_ok=True)
                shutil.copy2(source, copy, follow_symlinks=False)
        self.run("git init -q . && git add -A -f . && git commit -q -m 'The course as it was'")

    def run(self, command):
        """(exit status, the lines that were printed)"""
        done = subprocess.run(["sh", "-c", command], cwd=self.top, env=self.env, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace", timeout=SECONDS,
                              check=False)
        return done.returncode, [line.rstrip() for line in done.stdout.splitlines()]

    def write(self, block):
        path = os.path.join(self.top, block.name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        text = block.text
        if block.kind == "diff":
            with open(path, encoding="utf-8") as file:
                text = patched(file.read(), text)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


class Tally:
    passed = failed = 0

    def check(self, holds, what, *details):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print("FAIL " + what)
            for detail in details:
                print("\n".join("    " + line for line in detail))
        return holds


def check_languages(tally):
    """The example is the same in both languages, or only one of them would be tested."""
    en, zh = (blocks(read_page(lang), lang) for lang in ("en", "zh"))
    tally.check(len(en) == len(zh), f"teaching.md has {len(en)} blocks, teaching.zh.md has {len(zh)}")
    for a, b in zip(en, zh):
        tally.check((a.name, a.kind, a.text, a.example) == (b.name, b.kind, b.text, b.example),
                    f"the blocks at teaching.md:{a.line} and teaching.zh.md:{b.line} differ")


def run_block(tree, block, tally):
    for command, expected in block.commands():
        print(f"$ {command}", flush=True)
        _, seen = tree.run(command)
        if not tally.check(matches(expected, seen), f"teaching.md:{block.line}: $ {command}",
                           ["teaching.md says:"] + expected, ["what it printed:"] + seen):
            return False
    return True


def check_example(tree, tally):
    for block in blocks(read_page("en"), "en"):
        if not block.example:
            continue
        if block.name:
            try:
                tree.write(block)
            except (OSError, ValueError) as error:
                tally.check(False, f"teaching.md:{block.line}: {block.name}: {error}")
                return
        elif block.kind == "console" and not run_block(tree, block, tally):
            return


MUTATIONS = """
import pathlib, sys
sys.path.insert(0, "lab/mutations")
import check
for path in sorted(pathlib.Path("lab/mutations").glob("*.patch")):
    try:
        mutation = check.Mutation(path)
        mutation.apply(pathlib.Path(mutation.file).read_text(encoding="utf-8"))
    except check.BadPatch as error:
        print(f"{path}: {error}")
"""


def check_mutations(tree, tally):
    """All mutations can still be made."""
    _, seen = tree.run(f"python3 -B -c '{MUTATIONS}'")
    tally.check(not seen, "with the new step, each patch of lab/mutations changes given code", seen)


def unpack(archive, folder):
    """Like unzip, which keeps the modes."""
    with zipfile.ZipFile(archive) as file:
        for info in file.infolist():
            path = file.extract(info, folder)
            mode = info.external_attr >> 16
            if not info.is_dir() and mode:
                os.chmod(path, stat.S_IMODE(mode))


def check_gradescope(tree, scratch, tally):
    """The archive is made as told, unpacked as Gradescope does, and given a submission."""
    there = os.path.join(scratch, "autograder")
    for block in blocks(read_page("en"), "en"):
        if block.name in ("setup.sh", "run_autograder"):
            tree.write(block)
        elif block.kind == "console" and not block.example and not run_block(tree, block, tally):
            return
    os.makedirs(os.path.join(there, "submission"))
    os.makedirs(os.path.join(there, "results"))
    unpack(os.path.join(tree.top, "build", "autograder.zip"), os.path.join(there, "source"))
    with open(os.path.join(tree.top, "raft", "raft.c"), encoding="utf-8") as file:
        wrong = file.read().replace("r->election_elapsed++;\n\t/* RaftLab", "r->election_timeout++;\n\t/* RaftLab")
    with open(os.path.join(there, "submission", "raft.c"), "w", encoding="utf-8") as file:
        file.write(wrong)
    for name in ("setup.sh", "run_autograder"):
        path = os.path.join(there, "source", name)
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"^apt-get .*\n", "", file.read(), flags=re.M).replace("/autograder", there)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        status, seen = tree.run(path)
        if not tally.check(status == 0, f"{name} succeeds", seen):
            return
    with open(os.path.join(there, "results", "results.json"), encoding="utf-8") as file:
        results = json.load(file)
    failed = [test["name"] for test in results["tests"] if test["status"] != "passed"]
    tally.check(len(failed) == 1 and failed[0].startswith("election-1:") and
                results["score"] == sum(test["max_score"] for test in results["tests"]) - 5,
                "results.json has every step but the wrong one", json.dumps(results, indent=1).splitlines())


def main():
    if os.path.basename(os.path.dirname(os.environ.get("BIN_DIR", "").rstrip("/"))) in ("address", "thread"):
        print("nothing here is compiled with sanitizers\n0 passed, 0 failed")
        return 0
    tally = Tally()
    check_languages(tally)
    with tempfile.TemporaryDirectory(prefix="raftlab-teaching.") as scratch:
        tree = Tree(os.path.join(scratch, "raftlab"))
        check_gradescope(tree, scratch, tally)
        tree.run("git clean -q -f setup.sh run_autograder")
        check_example(tree, tally)
        check_mutations(tree, tally)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return tally.failed != 0


if __name__ == "__main__":
    sys.exit(main())
