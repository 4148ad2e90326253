#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bin/etcd built from the student's raft.c: it starts, says in its log what is
missing, answers each request in bounded time, and leaves a data directory that is
good as soon as the blanks are filled in. The trees are built in a scratch
directory, from what is built already as far as possible."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import testlib
from testlib import OURS, ROOT, Server, equal

sys.dont_write_bytecode = True
sys.path.append(ROOT)
from lab.grader.blanks import Source, encode, read_source  # noqa: E402  pylint: disable=wrong-import-position

# The requests have to time out: the sooner the better.
ARGS = ["--heartbeat-interval", "10", "--election-timeout", "50"]
SECONDS = 5.1
TIMEOUT = (503, "etcdserver: request timed out")
STOPPED = (503, "etcdserver: server stopped")


def build_dir():
    """Where the objects of these programs are."""
    out = os.path.dirname(os.path.normpath(testlib.BIN))
    if not os.path.isdir(out + "/gen") or os.path.relpath(out, ROOT).startswith(".."):
        out = ROOT + "/build"
    return out


def build(tree, blank):
    """bin/etcd with this blank emptied ("": all of them)."""
    source = Source(read_source(ROOT + "/raft/raft.c"))
    with open(tree + "/raft/raft.c", "wb") as f:
        f.write(encode(source.graft({blank: ""}) if blank else source.emptied()))
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "SAN", "BUILD")}
    out = os.path.relpath(build_dir(), ROOT)
    program = "bin/etcd" if out == "build" else out + "/bin/etcd"
    made = subprocess.run(["make", "-j2", "BUILD=" + out, program], cwd=tree, env=env, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    equal(0, made.returncode, made.stdout.decode())
    assert b"warning" not in made.stdout, made.stdout.decode()
    binary = "%s/etcd-%s" % (tree, blank or "all")
    shutil.copy(os.path.join(tree, program), binary)
    return binary


def copy_tree(to):
    for name in ("raft", "server", "client", "lab", "Makefile"):
        subprocess.run(["cp", "-a", os.path.join(ROOT, name), to], check=True)
    # objects go with their times, so that only what depends on raft.c is made again
    out = build_dir()
    there = os.path.join(to, os.path.relpath(out, ROOT))
    os.makedirs(there)
    for name in os.listdir(out) if os.path.isdir(out) else ():
        if name in ("gen", "obj") or name.endswith((".a", ".o")):
            subprocess.run(["cp", "-a", os.path.join(out, name), there], check=True)


def cpu_seconds(server):
    with open("/proc/%d/stat" % server.proc.pid) as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def brief(answer):
    return answer[0], answer[1]["error"]


def check_blank(binary, hints):
    with Server(binary=binary, args=ARGS, wait=False) as s:
        end = time.time() + 10
        while "serving client traffic" not in s.log_text():
            assert time.time() < end and s.proc.poll() is None, s.log_text()
            time.sleep(0.01)
        start, used = time.time(), cpu_seconds(s)
        answers = []
        calls = [lambda: s.put("a", "b"), lambda: s.range("a"), lambda: s.post("/v3/kv/deleterange", {"key": "YQ=="})]
        threads = [threading.Thread(target=lambda c=c: answers.append(brief(c()))) for c in calls * 10]
        for t in threads:
            t.start()
        equal(503, s.http("GET", "/health")[0])
        equal(200, s.range("a", serializable=True)[0])
        equal(0, s.ctl("endpoint", "status")[0])
        for t in threads:
            t.join()
        equal([TIMEOUT] * 30, answers)
        took = time.time() - start
        assert SECONDS - 0.5 < took < SECONDS + 3, took
        assert cpu_seconds(s) - used < 1, "busy: %.1f s in %.1f s" % (cpu_seconds(s) - used, took)
        for hint in hints:
            assert any(hint in line.get("hint", "") for line in s.log_lines()), (hint, s.log_text())

        # stopped with a request under way
        answers = []
        t = threading.Thread(target=lambda: answers.append(brief(s.put("a", "b"))))
        t.start()
        time.sleep(0.1)
        status, took = s.stop()
        t.join()
        equal((0, [STOPPED]), (status, answers))
        assert took < 2, took

        # and with the blanks filled in, in the same directory
        s.binary = OURS
        s.start()
        equal(200, s.put("a", "b")[0])
        equal("1", s.range("a")[1]["count"])


def main():
    if testlib.SLOW > 1 or os.path.exists(ROOT + "/lab/HANDOUT"):
        print("0 passed, 0 failed")
        return 0
    tree, failed = tempfile.mkdtemp(prefix="raftlab-"), []
    try:
        copy_tree(tree)
        election, replication = "Election Step1", "Replication Step1"
        cases = [(build(tree, blank), hints) for blank, hints in (
            ("", [election, "there is no leader"]), ("e6", [election]), ("r1", [replication]), ("r4", [replication]))]
        for binary, hints in cases:
            name, start = os.path.basename(binary), time.time()
            try:
                check_blank(binary, hints)
                print("ok   %s (%.1f s)" % (name, time.time() - start), flush=True)
            except Exception as e:  # pylint: disable=broad-except
                failed.append(name)
                print("fail %s\n%s" % (name, e), flush=True)
            for s in list(Server.all):
                s.close()
    finally:
        shutil.rmtree(tree)
    print("%d passed, %d failed" % (len(cases) - len(failed), len(failed)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
