#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the walk of gdb.md, line by line, and compares what gdb says with what stands
there; then debugs a step of the lab. "..." in the page stands for anything."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile

from transcript import matches  # beside this file

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.path.abspath(os.environ.get("BIN_DIR", os.path.join(ROOT, "bin")))
MARK = "@@command %d@@"
QUIET = ["set pagination off", "set confirm off", "set width 0", "set debuginfod enabled off",
         "set print thread-events off"]


def walk():
    """The shell line and the [command, expected lines] of gdb.md's fenced blocks."""
    start, steps, inside = None, [], False
    with open(os.path.join(ROOT, "Documentation", "gdb.md"), encoding="utf-8") as page:
        for line in page.read().splitlines():
            if line.startswith("```"):
                inside = not inside
            elif inside and line.startswith("$ "):
                start = line[2:]
            elif inside and line.startswith("(gdb) "):
                steps.append([line[6:], []])
            elif inside:
                steps[-1][1].append(line)
    return start, steps


def free_ports(n):
    sockets = [socket.socket() for _ in range(n)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def run_walk(scratch):
    """Runs the commands in one gdb. Returns [(command, expected, seen)]."""
    start, steps = walk()
    client, peer = free_ports(2)

    def local(text):
        return (text.replace("127.0.0.1:2379", "127.0.0.1:%d" % client)
                .replace("127.0.0.1:2380", "127.0.0.1:%d" % peer)
                .replace("./data", os.path.join(scratch, "data"))
                .replace("./bin/", BIN + "/"))

    script = os.path.join(scratch, "walk.gdb")
    with open(script, "w", encoding="utf-8") as f:
        f.write("\n".join(QUIET) + "\n")
        for i, (command, _) in enumerate(steps):
            f.write("echo \\n%s\\n\n%s\n" % (MARK % i, local(command)))
        f.write("echo \\n%s\\n\n" % (MARK % len(steps)))

    argv = local(start).split()
    argv[1:1] = ["-batch"]
    at = argv.index("--args")
    argv[at:at] = ["-x", script]
    env = dict(os.environ, ETCDCTL_ENDPOINTS="127.0.0.1:%d" % client, ETCDCTL_API="3",
               ASAN_OPTIONS="detect_leaks=0")
    done = subprocess.run(argv, cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, text=True,
                          errors="replace")
    results = []
    for i, (command, expected) in enumerate(steps):
        begin, end = MARK % i + "\n", "\n" + MARK % (i + 1)
        seen = None
        if begin in done.stdout and end in done.stdout:
            seen = done.stdout.split(begin, 1)[1].split(end, 1)[0]
            seen = [line.rstrip() for line in seen.rstrip("\n").splitlines()]
        results.append((command, expected, seen))
    return results, done.stdout


def check_walk(scratch):
    results, output = run_walk(scratch)
    failed = 0
    for command, expected, seen in results:
        if seen is None:
            print("FAIL (gdb) %s\n  gdb did not get there; it said:\n%s" % (command, output))
            return len(results), failed + 1
        if not matches(expected, seen):
            failed += 1
            print("FAIL (gdb) %s" % command)
            print("  gdb.md says:\n" + "\n".join("    " + line for line in expected))
            print("  gdb says:\n" + "\n".join("    " + line for line in seen))
    return len(results), failed


def check_lab_step():
    """raftLab_test.sh gdb stops in the blank of the step."""
    done = subprocess.run(["./raftLab_test.sh", "gdb", "e5"], cwd=ROOT, text=True, timeout=120,
                          input="backtrace 1\nraft-node\nkill\nquit\n", stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    ok = re.search(r"^(?:\(gdb\) )?#0 [^#]*? at raft/raft\.c:(\d+)", done.stdout, re.M)
    inside = False
    if ok:
        with open(os.path.join(ROOT, "raft", "raft.c"), encoding="utf-8") as f:
            lines = f.read().splitlines()
        first = next(i for i, text in enumerate(lines, 1) if "RaftLab Election Step5:" in text)
        last = next(i for i, text in enumerate(lines, 1) if "RaftLab Election Step5 end" in text)
        inside = first < int(ok.group(1)) < last
    if inside and re.search(r"^(?:\(gdb\) )?node \d+: State", done.stdout, re.M):
        return 0
    print("FAIL raftLab_test.sh gdb e5\n" + done.stdout)
    return 1


def main():
    if not shutil.which("gdb"):
        print("gdb is not installed\n0 passed, 1 failed")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        steps, failed = check_walk(scratch)
    failed += check_lab_step()
    print("%d passed, %d failed" % (steps + 1 - failed, failed))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
