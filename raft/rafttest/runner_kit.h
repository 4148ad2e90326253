/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Test kits: what a family of tests has in common beyond the runner. A kit may
 * confine the process of a test, run the body in its own way (or more than once),
 * and leave notes for the reader of the report. lab/labkit is one.
 */
#ifndef RAFTTEST_RUNNER_KIT_H
#define RAFTTEST_RUNNER_KIT_H

#include "raft/rafttest/runner.h"

/* How a test ended; the words for them stand at runner_run(). */
enum runner_result {
	RUNNER_NONE, /* nothing is known yet */
	RUNNER_PASS,
	RUNNER_FAIL,
	RUNNER_TIMEOUT,
	RUNNER_CRASH,
	RUNNER_PANIC,
	RUNNER_EXIT,
	RUNNER_LEAK,
	RUNNER_MEMORY,
	RUNNER_FORBIDDEN,
	RUNNER_REFERENCE,
};

/* Each member may be NULL, or 0. */
struct runner_kit {
	/* Processor time that a test may take, in seconds; five times as much in a
	 * sanitized program. 0: no limit. */
	double cpu_seconds;

	/* check is called once, before the first test is started, and says on
	 * stderr what is wrong with the kit's settings. false: exit status 2. */
	bool (*check)(void);

	/* confine is called in the process of a test, after the runner has set its
	 * signal handlers. A process of its own is what it can rely on: without
	 * one (--no-fork, a debugger) it is not called. */
	void (*confine)(void);

	/* run calls the body. Nothing that runs at exit, like a leak checker, is
	 * called after it. */
	void (*run)(void (*body)(void));

	/* last_words is called once when the test is about to end badly: perhaps
	 * within a signal handler, on a small stack, with a heap in ruins. It may
	 * only read memory and write notes. */
	void (*last_words)(enum runner_result result, const char *msg);

	/* syscall_name names a system call for RUNNER_FORBIDDEN; NULL: unknown. */
	const char *(*syscall_name)(int nr);
};

/* runner_notes is the place where the current test's notes stand: a string of
 * less than *size bytes, in memory that outlives the process of the test. */
char *runner_notes(size_t *size);

/* runner_blame_reference: what goes wrong from now on is the test's own fault and
 * ends it with the result "reference"; off again by false. */
void runner_blame_reference(bool on);

/* runner_warn says a line on the runner's stderr; the same line only once for
 * all tests of a run. */
void runner_warn(const char *line);

#endif
