/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the runner share. */
#ifndef RAFTTEST_RUNNER_INTERNAL_H
#define RAFTTEST_RUNNER_INTERNAL_H

#include "raft/rafttest/runner_kit.h"

#define RUNNER_FRAMES 48

/* What a test's process tells its parent, in memory that both see. A pipe
 * would do as well, but here a crash handler can write with no system call. */
struct runner_slot {
	unsigned long long cookie; /* drawn anew for each test */
	unsigned long long done;   /* equals cookie once the body came to its end */
	enum runner_result result; /* the first thing that went wrong */
	bool reference;            /* see runner_blame_reference */
	int line;
	char file[256];
	char msg[8192];
	char notes[16384]; /* see runner_notes */
	char warning[256]; /* see runner_warn */
	int nframes;       /* of the backtrace, innermost first */
	void *frames[RUNNER_FRAMES];
};

/* runner_child_run runs t in the calling process, which ends there. */
_Noreturn void runner_child_run(const struct runner_test *t, struct runner_slot *slot);

/* runner_inline_run runs t in the calling process and comes back. */
void runner_inline_run(const struct runner_test *t, struct runner_slot *slot);

/* runner_trace_print prints the slot's backtrace, one indented line per frame
 * whose source is known and is not the runner's own, and writes their places,
 * "file:line file:line ...", into places. The innermost becomes the slot's file
 * and line, unless they are known already. */
void runner_trace_print(FILE *out, struct runner_slot *slot, char *places, size_t size);

/* runner_trace_stop ends the process that helps with that, if there is one. */
void runner_trace_stop(void);

/* runner_slowness is how much longer this program takes than a plain one: 5 if it is
 * sanitized, else 1. */
double runner_slowness(void);

/* RUNNER_DEADLINE_SIGNAL asks a test's process to say where it is, and to end. */
#define RUNNER_DEADLINE_SIGNAL SIGXCPU

#endif
