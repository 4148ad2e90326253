# SPDX-License-Identifier: Apache-2.0
"""Where and how the script may be run: from other directories, two at a time, in a tree that was
moved or cannot be written to, without a tool, with a terminal and without; sanitizers and gdb."""

import fcntl
import os
import pty
import re
import select
import shutil
import stat
import subprocess
import termios
import threading
import time

from lab.check.tree import SCRIPT, Handout, environment, processes_of

COLOUR = "\x1b["
NOBODY = 65534  # the user who may write nowhere, if we are root
# What the message has to name if a program is missing.
PACKAGES = {"python3": "python3", "make": "make", "cc": "gcc"}
CRASH = "*(volatile int *)0 = 1;"


def from_raft(tally, course, handout):
    handout.write(course.text)
    first, last = course.ids[0], course.ids[-1]
    ran = handout.lab(first, last, under="raft")
    tally.check(ran.status == 0 and ran.last == "PASS" and list(ran.verdicts(course.steps)) == [first, last],
                "from raft/ as well, and for two steps alone", ran.out)
    ran = handout.lab(first.upper())
    tally.check(ran.status == 0 and list(ran.verdicts(course.steps)) == [first], "a step in capital letters", ran.out)
    ran = handout.sh("git status --porcelain")
    tally.check(ran.out.split() == ["M", "raft/raft.c"], "git shows the student's work alone", ran.out)


def elsewhere(tally, course, handout):
    """In a tree of its own: another compiler; then the tree is moved, and two runs begin at the same
    time. What was built is built anew, for backtraces would name places that are gone."""
    read_only(tally, course, handout)
    clang = {"CC": "clang"} if shutil.which("clang") else {}
    handout.write(course.text)
    ran = handout.lab(course.ids[0], env=clang)
    tally.check(ran.status == 0 and ran.last == "PASS", f"the lab is built with {clang or 'the compiler'}", ran.out)
    there = handout.top + " moved, it's"
    os.rename(handout.top, there)
    tree = Handout(there, handout.scratch)
    last = course.ids[-1]
    tree.write(course.put(**{last: CRASH}))
    runs = {}
    threads = [threading.Thread(target=lambda id_=id_: runs.update({id_: tree.lab(id_, env=clang)}))
               for id_ in (course.ids[0], last)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ran = runs[course.ids[0]]
    tally.check(ran.last == "PASS", "two runs at a time: the first step passes", ran.out)
    ran = runs[last]
    tally.check(ran.verdicts(course.steps).get(last, "").startswith("failed") and
                re.search(rf"Segmentation fault.*raft/raft\.c:{course.line(last)}\b", ran.out),
                "two runs at a time: the last step fails, in a tree with blanks in its name", ran.out)
    tally.check("lab/steps/" in ran.out and handout.top not in ran.out, "a moved tree is built anew", ran.out)
    return tree


def files(tally, course, handout):
    """No file that could be read."""
    handout.write(None)
    ran = handout.lab()
    tally.check(ran.status == 1 and ran.last == "FAIL" and "git checkout" in ran.out and "Traceback" not in ran.out,
                "without raft/raft.c there is advice", ran.out)
    os.mkdir(handout.path("raft/raft.c"))
    ran = handout.lab()
    os.rmdir(handout.path("raft/raft.c"))
    tally.check(ran.status == 1 and ran.last == "FAIL" and "Traceback" not in ran.out, "a directory is no raft.c",
                ran.out)
    handout.write(course.text + "\n/* " + "x" * (2 << 20) + " */\n")
    ran = handout.lab()
    tally.check(ran.status == 1 and ran.last == "FAIL" and "too big" in ran.out, "2 MiB are no raft.c", ran.out)
    handout.write(course.text)
    with open(handout.path("lab/reference.sealed"), "rb") as file:
        seal = file.read()
    handout.write(seal[:500], "lab/reference.sealed")
    ran = handout.lab()
    handout.write(seal, "lab/reference.sealed")
    tally.check(ran.status != 0 and "lab/reference.sealed" in ran.out and "Traceback" not in ran.out,
                "a reference that is damaged is told", ran.out)


def tools(tally, course, handout):
    """What is missing is told, with the command that brings it."""
    handout.write(course.text)
    for tool, package in PACKAGES.items():
        folder = os.path.join(handout.scratch, "path-without-" + tool)
        os.makedirs(folder)
        for place in ("/usr/bin", "/bin", *os.environ.get("PATH", "").split(":")):
            for name in os.listdir(place) if os.path.isdir(place) else ():
                if not re.fullmatch(tool + r"([0-9.]*|-.*)|pypy.*" if tool == "python3" else tool, name) and \
                        not os.path.lexists(os.path.join(folder, name)):
                    os.symlink(os.path.join(place, name), os.path.join(folder, name))
        ran = handout.lab(env={"PATH": folder})
        tally.check(ran.status != 0 and re.search(rf"apt(?:-get)? install .*\b{package}\b", ran.out) and
                    "Traceback" not in ran.out, f"without {tool} one is told what to install", ran.out)
        shutil.rmtree(folder)
    ran = handout.lab(env={"CC": "no-such-cc"})
    tally.check(ran.status != 0 and "no-such-cc" in ran.out and "Traceback" not in ran.out,
                "a CC that is not there is named", ran.out)


def read_only(tally, course, handout):
    """A tree that cannot be written to, in which nothing is built yet."""
    handout.write(course.text)
    if os.geteuid() == 0:
        os.chmod(os.path.dirname(os.path.dirname(handout.top)), 0o755)
        os.chmod(os.path.dirname(handout.top), 0o755)
        os.chmod(handout.scratch, 0o777)
        ran = handout.lab(user=NOBODY, group=NOBODY, extra_groups=[])
    else:
        mode = stat.S_IMODE(os.stat(handout.top).st_mode)
        os.chmod(handout.top, 0o555)
        ran = handout.lab()
        os.chmod(handout.top, mode)
    tally.check(ran.status in (1, 2) and re.search(r"build.*(written|writ)|Permission denied", ran.out) and
                "Traceback" not in ran.out, "a tree that cannot be written to is told", ran.out)


# --- the terminal ------------------------------------------------------------------------------


def in_terminal(handout, *args, **env):
    """Runs the script in a terminal of its own. Returns: what it printed, and whether the terminal
    is as it was before."""
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    merged = {**environment(handout.scratch), "TERM": "xterm", **env}

    def controlling():
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    # pylint: disable=subprocess-popen-preexec-fn
    with subprocess.Popen([SCRIPT, *args], cwd=handout.top, env=merged, stdin=theirs, stdout=theirs, stderr=theirs,
                          start_new_session=True, preexec_fn=controlling) as process:
        out, until = b"", time.monotonic() + 60
        while process.poll() is None or select.select([ours], [], [], 0)[0]:
            if select.select([ours], [], [], 0.1)[0]:
                out += os.read(ours, 1 << 16)
            if time.monotonic() > until:
                process.kill()
    after = termios.tcgetattr(theirs)
    os.close(ours)
    os.close(theirs)
    return out.decode("utf-8", "replace"), before == after


def terminal(tally, course, handout):
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError as error:
        tally.note(f"skipped: there is no terminal to be had here ({error})")
        return
    first, second = course.ids[0], course.ids[1]
    handout.write(course.put(**{first: CRASH}))
    for env, colours in (({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
        out, _ = in_terminal(handout, first, second, **env)
        tally.check((COLOUR in out) == colours and "FAIL" in out,
                    f"in a terminal {'in colour' if colours else 'without colour'} with {env or 'nothing else'}", out)
    # Whoever plays with the terminal plays in vain.
    handout.write(course.put(**{
        first: "printf(\"HAC\" \"KED\\n\");\nfflush(stdout);\nsystem(\"stty raw -echo\");",
        second: "for (int fd = 0; fd < 9; fd++)\n\tif (write(fd, \"HAC\" \"KED\", 6) < 0)\n\t\tclose(fd);"}))
    out, same = in_terminal(handout, first, second)
    tally.check(same and "HACKED" not in out and "FAIL" in out, "the terminal stays as it was", out)


def leftovers(tally, handouts):
    """After all that: no process runs on, and nothing is left in the scratch directory."""
    for handout in handouts:
        left = processes_of(handout.scratch)
        tally.check(not left, "no process is left behind", "\n".join(map(_command, left)))
        names = os.listdir(handout.scratch)
        tally.check(not names, "nothing is left behind in TMPDIR", "\n".join(names))
        ran = handout.sh("git status --porcelain --ignored")
        strange = [line for line in ran.lines if line.strip() not in ("M raft/raft.c", "!! build/", "")]
        tally.check(not strange, "nothing but build/ is added to the tree", ran.out)


def _command(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return f"{pid}: " + file.read().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return f"{pid}"


# --- other ways to run the tests ------------------------------------------------------------------


def sanitizers(tally, course, handout):
    if "r1" in course.ids:
        handout.write(course.put(r1="es[n].term = r->term;\nes[n].index = li + 1 + i;"))
        ran = handout.lab("sanitize", "r1")
        tally.check(ran.status == 1 and
                    re.search(rf"AddressSanitizer: \S+-buffer-overflow.*raft/raft\.c:{course.line('r1')}\b", ran.out),
                    "sanitize names the line that writes out of bounds", ran.out)
    handout.write(course.text)
    ran = handout.lab("sanitize")
    tally.check(ran.status == 0 and ran.last == "PASS", "the solution passes with sanitizers", ran.out)


def debugger(tally, course, handout):
    if not shutil.which("gdb"):
        tally.note("skipped: there is no gdb here, and ./raftLab_test.sh gdb was not checked")
        return
    if "e5" not in course.ids:
        return
    handout.write(course.put(e5="raft_send(r, &(struct raft_message){.to = m->to, .type = MSG_VOTE_RESP, "
                                ".term = m->term});"))
    ran = handout.lab("gdb", "e5")
    tally.check(re.search(r"^Breakpoint 1, .*step_vote", ran.out, re.M) and
                re.search(rf"raft/raft\.c:{course.line('e5')}$", ran.out, re.M),
                "gdb stops at the blank of a failing test", ran.out)
