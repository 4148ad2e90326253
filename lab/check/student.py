# SPDX-License-Identifier: Apache-2.0
"""What happens to students: nothing filled in, some of it, all of it, and all of it wrong."""

import os

from lab.check.cases import Case
from lab.grader.teacher.bank import read_bank

# Wrong in a way that hurts in any blank, for a step that lab/mistakes/ knows nothing of.
CRASH = "*(volatile int *)0 = 1;\n"
SAID = (r"[Ee]xpected", r"[Ss]een")
NEXT = r"^Next: .*{}"


def together(course):
    """The cases of all steps, whatever steps there are."""
    everything = tuple(course.ids)
    first, last = course.steps[0].part, course.steps[-1].part
    half = {id_: "" for id_ in course.part(last)}
    yield Case("nothing filled in", {id_: "" for id_ in everything}, whole=True, empty=everything, seconds=10,
               says=(NEXT.format(everything[0]),))
    yield Case("all filled in", whole=True, never=(r"outside", r"\x1b", r"warning"), seconds=10)
    yield Case("half of it filled in, that part", half, steps=(first,), empty=tuple(half))
    yield Case("half of it filled in, the other part", half, steps=(last,), empty=tuple(half))
    yield Case("half of it filled in", half, whole=True, empty=tuple(half), says=(NEXT.format(min(half)),))
    for id_ in everything:
        yield Case(f"{id_} empty", {id_: ""}, whole=True, run=id_ in everything[::4], empty=(id_,))
    yield Case("two steps asked for", steps=(everything[0], everything[-1]))


def each_step_wrong(course, mistakes):
    """Each step wrong once, by the first mistake that is known to be one. Those of WRONG are run
    by themselves."""
    run = {id_ for case in WRONG for id_ in case.failed}
    fillings = {}
    if os.path.isdir(mistakes):
        for filling in read_bank(mistakes, course.steps):
            if filling.verdict == "fail" and not filling.hostile:
                fillings.setdefault(filling.step, filling)
    for id_ in course.ids:
        known = fillings.get(id_)
        yield Case(f"{id_} wrong ({known.name if known else 'a crash'})", {id_: known.text if known else CRASH},
                   run=id_ not in run, failed=(id_,), says=(*SAID, NEXT.format(id_)))


# One step is wrong: what is seen of it, in terms of nodes, terms and messages. (They are run some at once.)
WRONG = [
    Case("e1 advances another clock", {"e1": "r->election_timeout++;"}, failed=("e1",), says=SAID),
    Case("e2 begins in the next term", {
        "e2": "r->election_elapsed = 0;\n"
              "raft_step(r, &(struct raft_message){.from = r->id, .term = r->term + 1, .type = MSG_HUP});"},
        failed=("e2",), says=("candidate in term 5",)),
    Case("e3 keeps the term", {
        "e3": "r->step = raft_step_candidate;\nraft_reset(r, r->term);\nr->tick = raft_tick_election;\n"
              "r->vote = r->id;\nr->state = RAFT_STATE_CANDIDATE;"}, failed=("e3",), says=(r"term 4",)),
    Case("e4 sends what it should be sent", {
        "e4": "raft_become_candidate(r);\nvote_msg = MSG_VOTE_RESP;\nterm = r->term;"}, failed=("e4",),
        says=("not a vote message: MsgVoteResp",)),
    Case("e5 sends the response to itself", {
        "e5": "raft_send(r, &(struct raft_message){.from = m->from, .to = m->to, .term = m->term,\n"
              "\t.type = raft_vote_resp_msg_type(m->type)});"}, failed=("e5",), says=("MsgVoteResp 2->3 term 4 yes",)),
    Case("e6 broadcasts before it leads", {"e6": "raft_bcast_append(r);\nraft_become_leader(r);"}, failed=("e6",),
         says=("MsgApp",)),
    Case("e6 sends a heartbeat", {"e6": "raft_become_leader(r);\nraft_bcast_heartbeat(r);"}, failed=("e6",),
         says=("MsgHeartbeat 1->2 term 4",)),
    Case("r1 forgets the index", {"r1": "es[i].term = r->term;"}, failed=("r1",), says=(r"7/4 0/4|0/4",)),
    Case("r2 appends again", {
        "r2": "raft_append_entry(r, m->entries.v, m->entries.len);\nraft_bcast_append(r);"}, failed=("r2",), says=SAID),
    Case("r3 ignores the entries", {"r3": "r->election_elapsed = 0;\nr->lead = m->from;"}, failed=("r3",), says=SAID),
    Case("r4 never commits", {"r4": "(void)raft_log_last_index(&r->raft_log);"}, failed=("r4",), says=SAID),
    # Heartbeats mend these sooner or later; a student is told all the same.
    Case("r2 leaves the entries to the heartbeats", {"r2": "(void)r;"}, failed=("r2",), says=SAID),
    Case("r4 leaves the commit index to the heartbeats", {"r4": "raft_maybe_commit(r);"}, failed=("r4",),
         says=("MsgApp 1->2 term 4 .*commit 3", r"^ +seen +no message")),
    Case("r4 tells it before it has moved", {"r4": "raft_bcast_append(r);\nraft_maybe_commit(r);"}, failed=("r4",),
         says=SAID),
    Case("e6 becomes leader in silence", {"e6": "raft_become_leader(r);"}, failed=("e6",), says=SAID),
]

# More than one is wrong: each is named, and first the one that is to be mended first.
SEVERAL = [
    Case("e1 and e2", {"e1": "r->election_timeout++;", "e2": "r->election_elapsed = 0;"}, failed=("e1", "e2"),
         says=(NEXT.format("e1"),)),
    Case("r1 and e6, which share the leader's first entry", {
        "e6": "raft_become_leader(r);", "r1": "es[i].term = r->term;\nes[i].index = li + 2 + i;"},
        failed=("e6", "r1"), says=(NEXT.format("e6"),)),
    Case("r4 and r2, both hidden by heartbeats", {"r4": "raft_maybe_commit(r);", "r2": "(void)r;"},
         failed=("r2", "r4"), says=(NEXT.format("r2"),)),
    Case("e3, wrong, e5, which crashes, and r3, empty", {
        "e3": "raft_reset(r, r->term);", "e5": CRASH, "r3": ""}, failed=("e3", "e5"), empty=("r3",),
        says=(NEXT.format("e3"), "Segmentation fault")),
    Case("e4, which does not compile, and r1, wrong", {
        "e4": "vote_msg = MSG_VOTE;\nterm = r->therm;", "r1": "es[i].term = r->term;"}, broken=("e4",), failed=("r1",),
        says=("therm", NEXT.format("e4"))),
    Case("r1 alone is wrong, and no longer hides in e6", {"r1": "es[i].term = r->term;\nes[i].index = li + 2 + i;"},
         failed=("r1",)),
]

# Right, and different.
DIFFERENT = [
    Case("the form is free", {
        "e1": "unsigned long long next = r->election_elapsed + 1;\nr->election_elapsed = next;",
        "r1": "struct raft_entry *e = es + i;\ne->index = li + i + 1;\ne->term = r->term;",
        "r4": "if (!raft_maybe_commit(r))\n\t;\nelse\n\traft_bcast_append(r);"}),
    Case("a warning is shown", {"e1": "int unused;\nr->election_elapsed++;"}, says=("warning: unused variable",)),
    Case("a comment is no filling", {"e1": "/* r->election_elapsed++; */"}, empty=("e1",)),
    Case("a stub is no filling", {"e4": "return;"}, empty=("e4",)),
]

COMPILER = [
    Case("an unknown field", {"e4": "vote_msg = MSG_VOTE;\nterm = r->therm;"}, broken=("e4",), says=("therm",)),
    Case("a brace too many", {"e6": "raft_become_leader(r); }"}, broken=("e6",), says=("}",)),
    Case("a brace too few", {"r4": "if (raft_maybe_commit(r)) {\n\traft_bcast_append(r);"}, broken=("r4",)),
    Case("a comment that is not closed", {"r2": "raft_bcast_append(r); /* and that is it"}, broken=("r2",)),
    Case("a semicolon forgotten", {"e2": "r->election_elapsed = 0\nraft_step(r, m);"}, broken=("e2",)),
    Case("a function that is not there", {"r2": "raft_broadcast_append(r);"}, broken=("r2",),
         says=("raft_broadcast_append",)),
    Case("two steps that do not compile", {"e1": "r->clock++;", "r4": "return 1 +;"}, broken=("e1", "r4"),
         says=("clock",)),
]
for broken in COMPILER:
    broken.grade = broken is COMPILER[-1]
