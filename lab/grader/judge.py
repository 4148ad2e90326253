# SPDX-License-Identifier: Apache-2.0
"""judge(): from the text of a raft.c to a Verdict. Prints nothing."""

import os
import re
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from lab.grader import outside, rules, words
from lab.grader.blame import find_blame
from lab.grader.blanks import BIGGEST, Source
from lab.grader.build import Build, BuildError
from lab.grader.dual import dual
from lab.grader.failure import make_failure, most_telling
from lab.grader.program import Program
from lab.grader.verdict import COMPILE_ERROR, EMPTY, FAILED, PASSED, TAMPERED, Failure, StepVerdict, Verdict

WAITING = ("sleep", "pause", "poll", "select")  # calls that no test may do, but that harm nobody


def judge(source_text, file, reference, lang, only=None, build=None, own_outside=False):
    """The Verdict on a raft.c.

    only: ids of steps; all other blanks have the reference, and are not judged.
    build: a Build, if there is one already. own_outside: keep the file's own code outside
    the blanks (a local run) instead of taking what was handed out (grading); then every
    filled step is run, too. BuildError if nothing can be built here."""
    with Case(source_text, file, reference, lang, only, build, own_outside) as case:
        return case.verdict()


class Case:
    """One raft.c before the judge. A context: what it builds is gone at its end."""

    def __init__(self, source_text, file, reference, lang, only=None, build=None, own_outside=False):
        self.lang = lang
        self.reference = reference
        self.keeps_outside = own_outside
        self.build = build or Build()
        given = reference.source
        self.too_big = len(source_text) > BIGGEST
        self.source = Source("" if self.too_big else source_text, given.table, given)
        self.own_outside = own_outside and not self.source.problems
        table = [s for s in given.table if only is None or s.id in only]
        self.result = Verdict(file, table)
        self.started = time.monotonic()
        self.cpus = len(os.sched_getaffinity(0))
        self.compiled = []  # ids whose student's text is in the program
        self.program = None
        self.plain = None  # a Future of what the compiler says of the file as it is
        self._scratch = None
        self._pool = ThreadPoolExecutor(max(3, self.cpus))

    def __enter__(self):
        self._scratch = tempfile.TemporaryDirectory(prefix="raftlab.")  # pylint: disable=consider-using-with
        return self

    def __exit__(self, *_):
        self._pool.shutdown()
        self._scratch.cleanup()

    def say(self, key, **names):
        return words.say(self.lang, key, **names)

    def name(self, id_):
        return next(s.marker for s in self.reference.source.table if s.id == id_)

    # --- all of it ------------------------------------------------------------------------

    def verdict(self):
        """Judges; to be called once."""
        self.prepare()
        if self.compiled:
            self.run_tests()
        self.look_outside()
        self.result.steps = {s.id: self.result.steps[s.id] for s in self.result.table}
        self.result.seconds = time.monotonic() - self.started
        return self.result

    def verdict_for_debugging(self, id_):
        """Judges a step; if it cannot be told from an empty blank, builds the program all the same."""
        self.verdict()
        if self.program is None and self.result.steps[id_].status == EMPTY:
            self.compile([id_])

    def look_outside(self):
        """Tells what was changed outside the blanks. A local run keeps it: there the steps may
        do better or worse than they will when they are graded."""
        given, problems = self.reference.source, self.source.problems
        self.result.outside += [self.at(p.line, p.say(self.lang)) for p in problems if not p.id]
        if problems or self.too_big:
            return
        lines = outside.changed_lines(self.source, given)
        if lines:
            self.result.outside.append(self.say("outside", places=outside.places(lines)))
        if self.keeps_outside and not outside.same_code(self.source, given):
            self.compare_with_graded()

    def compare_with_graded(self):
        only = {s.id for s in self.result.table}
        graded = judge(self.source.text, self.result.file, self.reference, self.lang, only, self.build)
        differs = [id_ for id_, step in graded.steps.items() if step.status != self.result.steps[id_].status]
        if self.result.outside_failure:
            self.result.steps = graded.steps
        elif differs:
            told = ", ".join(f"{id_} {self.say(graded.steps[id_].status)}" for id_ in differs)
            self.result.outside.append(self.say("outside-counts", steps=told))

    def prepare(self):
        """Up to a program that can be run, if there is anything to run."""
        wanted = self.read_blanks()
        if wanted:
            self.compile(wanted)

    def read_blanks(self):
        """Judges what can be judged by reading: returns the ids that are left to be compiled."""
        if self.too_big:
            for step in self.result.table:
                self.judged(step.id, TAMPERED, reason=self.say("too-big", kib=BIGGEST >> 10))
            return []
        used = rules.names_in(self.reference.source.code_outside())
        for problem in self.source.problems:
            if problem.id:
                self.judged(problem.id, TAMPERED, reason=self.at(problem.line, problem.say(self.lang)))
        for id_, blank in self.source.blanks.items():
            breach = rules.check(blank, used)
            if breach:
                self.judged(id_, breach.status, reason=self.at(breach.line, breach.say(self.lang)),
                            diagnostics=self.excerpt(breach.line))
            elif not blank.filled:
                self.judged(id_, EMPTY)
        return [s.id for s in self.result.table if s.id not in self.result.steps]

    def judged(self, id_, status, **more):
        """Notes the verdict on a step, unless there is one or nobody asks."""
        if any(s.id == id_ for s in self.result.table):
            self.result.steps.setdefault(id_, StepVerdict(id_, status, **more))

    @staticmethod
    def at(line, text):
        return f"raft/raft.c:{line}: {text}" if line else f"raft/raft.c: {text}"

    def excerpt(self, line):
        text = self.source.text.split("\n")[line - 1] if line else ""
        return f"{line:5} | {text}" if text.strip() else ""

    # --- compiling ------------------------------------------------------------------------

    def dual(self, ids):
        return dual(self.source if self.own_outside else self.reference.source, self.source, self.reference, ids)

    def path(self, name):
        return os.path.join(self._scratch.name, name)

    def compile(self, wanted):
        self.build.check_tools()
        base = self._pool.submit(self.build.make_base)
        if self.keeps_outside and not self.plain:
            self.plain = self._pool.submit(self.build.compile_plain, self.source.text, self._scratch.name)
        ids, obj = self.compile_dual(wanted)
        base.result()
        while ids:
            linked = self.build.link(obj, self.path("lab_test"))
            if linked.ok:
                self.program = Program(self.path("lab_test"), self.build.top, self.lang, self.build.san)
                break
            ids, obj = self.compile_dual(self.blame_link(ids, linked))
        self.compiled = ids

    def warnings(self):
        """What the compiler warns of in the file as it is, once it compiles."""
        compiled = self.plain.result() if self.plain else None
        return compiled.warnings if compiled and compiled.ok else []

    def compile_dual(self, ids):
        """Compiles as many of the blanks as can be compiled. Returns their ids and the object."""
        obj = self.path("raft_dual.o")
        while ids:
            compiled = self.build.compile(self.dual(ids), obj)
            if compiled.ok:
                return ids, obj
            at_fault = self.blame_compiler(ids, compiled)
            if not at_fault:
                self.outside_fails(compiled)
                if not self.own_outside:
                    raise BuildError("reference-fails", compiled.log)
                self.own_outside = False
                continue
            ids = [id_ for id_ in ids if id_ not in at_fault]
        return ids, obj

    def blame_compiler(self, ids, compiled):
        """The ids without which the others may compile: those with an error alone, or the
        first one that does not go with those before it."""
        suspects = [id_ for id_ in ids if any(self.source.blanks[id_].covers(n) for n in compiled.places)] or ids
        trials = dict(zip(suspects, self._pool.map(lambda id_: self.trial([id_], id_), suspects)))
        at_fault = [id_ for id_ in suspects if not trials[id_].ok]
        if len(at_fault) == len(ids) and not self.trial([]).ok:
            return []
        if not at_fault:
            at_fault, trials = self.first_misfit(ids)
        for id_ in at_fault:
            self.judged(id_, COMPILE_ERROR, reason=self.first_error(id_, trials[id_]),
                        diagnostics=self.diagnostics(trials[id_]))
        return at_fault

    def trial(self, ids, name="trial"):
        """Compiles to an object, as it is done in earnest: some texts can be compiled, but are
        too much for the assembler."""
        return self.build.compile(self.dual(ids), self.path(name + ".o"))

    def first_misfit(self, ids):
        for n in range(2, len(ids) + 1):
            compiled = self.trial(ids[:n])
            if not compiled.ok:
                return [ids[n - 1]], {ids[n - 1]: compiled}
        return [], {}

    def blame_link(self, ids, linked):
        """The ids that can be linked: who calls what is not there is told by line, or found by trial."""
        at_fault = [id_ for id_ in ids if any(self.source.blanks[id_].covers(n) for n in linked.places)]
        at_fault = at_fault or [id_ for id_ in ids if not self.links([id_])]
        if not at_fault:
            raise BuildError("link-fails", linked.log)
        for id_ in at_fault:
            self.judged(id_, COMPILE_ERROR, reason=self.first_error(id_, linked), diagnostics=linked.errors)
        return [id_ for id_ in ids if id_ not in at_fault]

    def links(self, ids):
        obj = self.path("trial.o")
        return self.build.compile(self.dual(ids), obj).ok and self.build.link(obj, self.path("trial")).ok

    def first_error(self, id_, compiled):
        line = next((n for n in compiled.places if self.source.blanks[id_].covers(n)), 0)
        found = re.search(r"raft/raft\.c:\d+:\d+: (?:fatal )?error: (.*)|(undefined reference to .*)", compiled.log)
        text = found[1] or found[2] if found else self.say("no-compile")
        return self.at(line or self.source.blanks[id_].begins, text)

    def diagnostics(self, compiled):
        """What the compiler says, with the lines of the file that it speaks of."""
        lines, shown = [], set()
        for line in compiled.errors.splitlines():
            lines.append(line)
            place = line.split(":")
            if len(place) > 2 and place[0] == "raft/raft.c" and place[1].isdigit() and place[1] not in shown:
                shown.add(place[1])
                lines += [text for text in [self.excerpt(int(place[1]))] if text]
        return "\n".join(lines)

    def outside_fails(self, compiled):
        self.result.outside_failure = Failure(
            "raft/raft.c", "compile-error", seen=self.diagnostics(compiled),
            place=f"raft/raft.c:{compiled.places[0]}" if compiled.places else "")

    # --- running --------------------------------------------------------------------------

    def run_tests(self):
        trusted = () if self.keeps_outside else [
            id_ for id_ in self.compiled if self.source.blanks[id_].same_as(self.reference.texts[id_])]
        blame = find_blame(self.compiled, self.short_tests(), self.program.run, self.cpus, trusted)
        if blame.reference:
            self.result.outside_failure = self.failure(blame.reference[0])
        for id_ in self.compiled:
            self.judge_step(id_, blame)

    def short_tests(self):
        """Patterns of the tests of several steps, but for those that live through many random
        lives: they take most of the time, and are run once, with all steps together."""
        parts = tuple(s.part + "_" for s in self.reference.source.table)
        return ["=" + name for name in self.program.tests() if name.startswith(parts) and "_random_" not in name]

    def failure(self, result):
        return make_failure(result, self.source, self.lang)

    def judge_step(self, id_, blame):
        results, together = blame.failures.get(id_), ()
        if not results:
            together, results = next(((ids, r) for ids, r in blame.groups if id_ in ids), ((), None))
        if not results:
            self.judged(id_, PASSED, tests=blame.tests.get(id_, 0))
            return
        more = {"tests": blame.tests.get(id_, 0), "proof": self.proof(id_, together, blame), "together": together}
        results = most_telling(results, id_, bool(self.build.san))
        tampering = [r for r in results if r.result == "exit" or r.result == "forbidden" and r.message not in WAITING]
        if tampering:
            # Whoever ends the test, or does what no test may do, is after something else than Raft.
            results = tampering + [r for r in results if r not in tampering]
            more["reason"] = self.failure(results[0]).seen
        self.judged(id_, TAMPERED if tampering else FAILED, failures=[self.failure(r) for r in results], **more)

    def proof(self, id_, together, blame):
        """The substitution that shows whose fault it is, in a line."""
        names = words.join(self.lang, [self.name(i) for i in together])
        others = len(blame.green or ())
        several = "several-" if others and len(blame.blamed) > 1 else ""
        key = f"proof-{'together-' if together else several}{('none', 'one')[others] if others < 2 else 'many'}"
        return self.say(key, name=self.name(id_), names=names, count=words.number(self.lang, others))
