# SPDX-License-Identifier: Apache-2.0
"""Code that misbehaves. Each has a verdict of its own, soon, and disturbs nobody: neither the
other steps, nor the terminal, nor what is written to it, nor other processes."""

from lab.check.cases import HERE, Case

SOON = 3  # seconds
HACKED = "\"HAC\" \"KED\""  # what is printed shall not be found in what is quoted of the source
NOT_SEEN = ("HACKED",)
KILL = "extern int getppid(void), kill(int, int);\n"


def misbehaves(what, step, text, *says, kind="failed", **more):
    """A Case of one step; `kind` is how it may be called."""
    return Case(f"{what} ({step})", {step: text}, says=says, never=NOT_SEEN + more.pop("never", ()), seconds=SOON,
                **{kind: (step,)}, **more)


def by_force(what, step, text, *says, **more):
    return misbehaves(what, step, text, *says, kind="by_force", **more)


def cases():
    """All of them."""
    said = [
        misbehaves("an endless loop", "e2", "for (;;)\n\t;", "an endless loop.*" + HERE),
        misbehaves("an endless loop that prints", "e6", f"for (;;)\n\tprintf({HACKED});",
                   "an endless loop that prints"),
        misbehaves("endless recursion", "e1", "r->election_elapsed++;\nr->tick(r);", "the stack is full"),
        misbehaves("endless recursion through a message", "r3", "raft_step(r, m);", "the stack is full"),
        misbehaves("a null pointer", "e5", "*(volatile int *)0 = 1;", "Segmentation fault.*" + HERE),
        misbehaves("a broken invariant", "r2", "raft_panicf(r->logger, \"no luck\");", "no luck.*" + HERE),
        misbehaves("all memory", "r4", "while (true)\n\traft_bcast_append(r);", "memory ran out"),
        misbehaves("free() of what it must not", "r2", "raft_bcast_append(r);\nfree(m);", "a crash"),
        misbehaves("longjmp() to nowhere", "e2", "#include <setjmp.h>\njmp_buf out;\nmemset(&out, 0, sizeof(out));\n"
                   "longjmp(out, 1);", "a crash"),
        misbehaves("abort()", "r4", "abort();", "Aborted"),
        misbehaves("waiting", "e5", "sleep(1000);", "sleep|endless"),
    ]
    # What no test may do.
    forbidden = [
        by_force("exit(0)", "r3", "exit(0);", r"exit\(\)"),
        by_force("_exit(0), as if nothing were wrong", "e1", "r->election_elapsed++;\n_exit(0);", "exit"),
        by_force("raise(SIGKILL)", "e1", "#include <signal.h>\nr->election_elapsed++;\nraise(SIGKILL);", "raise|kill"),
        by_force("kill() of the parent", "e6", KILL + "raft_become_leader(r);\nraft_bcast_append(r);\n"
                 "kill(getppid(), 15);", "kill"),
        by_force("a signal that says stop", "r1", KILL + "extern int getpid(void);\nkill(getpid(), 19);", "kill"),
        by_force("fork()", "e2", "r->election_elapsed = 0;\nif (fork() == 0)\n\tfor (;;)\n\t\tpause();", "fork|clone"),
        by_force("opening a file", "e3", "FILE *f = fopen(\"hacked\", \"w\");\nif (f)\n\tfclose(f);", "open"),
        by_force("a command", "r1", "if (system(\"echo HAC\" \"KED\"))\n\treturn false;", "not allowed"),
        by_force("writing to all files that are open", "r2", "for (int fd = 0; fd < 300; fd++)\n"
                 f"\tif (write(fd, {HACKED} \"\\n\", 7) < 0)\n\t\tcontinue;", "write"),
        by_force("closing all files that are open", "r2", "for (int fd = 0; fd < 300; fd++)\n\tclose(fd);", "close"),
        by_force("ignoring the signal of the time limit", "e5", "#include <signal.h>\nsignal(SIGPROF, SIG_IGN);\n"
                 "for (;;)\n\t;", "sigaction|signal"),
    ]
    # To no avail.
    quiet = [
        misbehaves("printing a report of its own", "r4", f"printf(\"r4_all\\tpass\\t0\\t-\\t-\\t-\\n\" {HACKED});\n"
                   "fflush(stdout);"),
    ]
    # Ways out of the blank that the compiler knows.
    text = [
        misbehaves("assembler", "e3", "asm volatile(\"nop\");", "assembler", kind="tampered"),
        misbehaves("a constructor", "r4", "void early(void) __attribute__((constructor));\nraft_maybe_commit(r);",
                   "constructor", kind="tampered"),
        misbehaves("a name of the given code", "e4", "#define raft_send(r, m) (void)0\nterm = r->term;", "raft_send",
                   kind="tampered"),
        misbehaves("the grader's own switch", "e5", "extern unsigned long long lab_students_blanks;\n"
                   "lab_students_blanks = 0;", "lab_students_blanks", kind="tampered"),
        misbehaves("the tests", "r2", "#include \"lab/labkit/labkit.h\"", "labkit", kind="tampered"),
    ]
    return said + forbidden + quiet + text
