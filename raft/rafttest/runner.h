/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The test runner: a small one, made for code that may loop, crash or exit.
 *
 *     #include "raft/rafttest/runner.h"
 *
 *     TEST(log_find_conflict)
 *     {
 *             EXPECT_EQ(3, find_conflict(...));
 *     }
 *
 * That is a whole test; main() comes with the runner. Each test runs in a
 * process and a process group of its own, its output goes into a file of its
 * own and is shown only when the test fails, and a time limit ends it. A test
 * has passed only if its body came to its end: a test that calls exit(0) has
 * failed. Under a sanitizer a leak fails the test that leaks. Under a debugger
 * (or with --no-fork) tests run in the runner's own process, so that
 * breakpoints just work.
 *
 *     raft_test [-j N] [-l] [-v] [--timeout S] [--report FILE] [--stop-on-hang]
 *               [--no-fork] [PATTERN...]
 *
 * A PATTERN is a part of a test's name, a shell pattern if it has one of *?[,
 * or "=name" for exactly one. The last line is "N passed, M failed"; the exit
 * status is 0 when M is 0.
 */
#ifndef RAFTTEST_RUNNER_H
#define RAFTTEST_RUNNER_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* EXPECT_PANIC jumps out of the statement under test. gcc then warns about
 * every local of the test that lives in a register; after the jump the tests
 * only look at what the statement was given, never at what it was assigning. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wclobbered"
#endif

/* TEST defines and registers a test. The name is unique in its program. */
#define TEST(name) TEST_TIMEOUT(name, 0)

/* TEST_TIMEOUT is TEST with a time limit of its own, in seconds of wall-clock
 * time; 0 stands for the default (10 s, or what --timeout says). Sanitized
 * programs get five times as long. */
#define TEST_TIMEOUT(name_, seconds_) RUNNER_TEST(name_, seconds_, NULL)

/* RUNNER_TEST is a test of a kit (runner_kit.h): a family of tests that have more
 * in common than the runner knows of, such as a sandbox. NULL: none. */
#define RUNNER_TEST(name_, seconds_, kit_)                                                         \
	static void test_##name_(void);                                                            \
	static struct runner_test runner_##name_ = {.name = #name_,                                \
		.file = __FILE__,                                                                  \
		.line = __LINE__,                                                                  \
		.timeout = (seconds_),                                                             \
		.kit = (kit_),                                                                     \
		.fn = test_##name_};                                                               \
	__attribute__((constructor)) static void runner_register_##name_(void)                     \
	{                                                                                          \
		runner_register(&runner_##name_);                                                  \
	}                                                                                          \
	static void test_##name_(void)

/* EXPECT ends the test as failed unless cond holds. */
#define EXPECT(cond)                                                                               \
	do {                                                                                       \
		if (!(cond))                                                                       \
			runner_fail(__FILE__, __LINE__, "expected: %s", #cond);                    \
	} while (0)

/* EXPECT_EQ compares two integers of any kind (also enums, bools, pointers). */
#define EXPECT_EQ(want, got)                                                                       \
	runner_expect_eq(__FILE__, __LINE__, #got, (long long)(want), (long long)(got),            \
		RUNNER_UNSIGNED(want) || RUNNER_UNSIGNED(got))

/* EXPECT_STR_EQ compares two strings; NULL equals only NULL. */
#define EXPECT_STR_EQ(want, got) runner_expect_str_eq(__FILE__, __LINE__, #got, (want), (got))

/* EXPECT_MEM_EQ compares len bytes. */
#define EXPECT_MEM_EQ(want, got, len)                                                              \
	runner_expect_mem_eq(__FILE__, __LINE__, #got, (want), (got), (len))

/* EXPECT_PANIC expects the statement to end in raft_panicf() or abort(). What
 * it had allocated by then is not counted as a leak. The message can be read
 * afterwards with runner_panic_message(). Not to be nested. */
#define EXPECT_PANIC(...)                                                                          \
	do {                                                                                       \
		if (sigsetjmp(*runner_panic_arm(), 1) == 0) {                                      \
			__VA_ARGS__;                                                               \
			runner_panic_disarm();                                                     \
			runner_fail(__FILE__, __LINE__, "expected a panic: %s", #__VA_ARGS__);     \
		}                                                                                  \
		runner_panic_disarm();                                                             \
	} while (0)

/* FAIL ends the test as failed, with a message made as by printf. */
#define FAIL(...) runner_fail(__FILE__, __LINE__, __VA_ARGS__)

/* --- what the macros are made of -------------------------------------------- */

#define RUNNER_UNSIGNED(x)                                                                         \
	_Generic((x), unsigned long : true, unsigned long long : true, default : false)

struct runner_kit;

struct runner_test {
	const char *name;
	const char *file;
	int line;
	double timeout;               /* seconds, 0: the default */
	const struct runner_kit *kit; /* NULL: none */
	void (*fn)(void);
	struct runner_test *next;
};

void runner_register(struct runner_test *t);

_Noreturn void runner_fail(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void runner_expect_eq(const char *file, int line, const char *what, long long want, long long got,
	bool is_unsigned);
void runner_expect_str_eq(
	const char *file, int line, const char *what, const char *want, const char *got);
void runner_expect_mem_eq(const char *file, int line, const char *what, const void *want,
	const void *got, size_t len);

sigjmp_buf *runner_panic_arm(void);
void runner_panic_disarm(void);

/* runner_panic_message returns the message of the last caught panic, "" when
 * there was none or it came without one (abort). Valid until the next panic. */
const char *runner_panic_message(void);

/* --- running a list of tests by hand (the runner's own tests do) -------------- */

struct runner_options {
	int jobs;          /* how many tests at a time; 0: one per processor */
	double timeout;    /* default time limit in seconds; 0: 10 */
	bool no_fork;      /* run in this process */
	bool stop_on_hang; /* after the first timeout start no further test */
	bool verbose;      /* print a line for passed tests, too */
	FILE *out;         /* for people; NULL: nowhere */
	FILE *report;      /* for programs: see runner_run; NULL: nowhere */
};

struct runner_tally {
	size_t passed, failed;
};

/* runner_run runs n tests. Results are printed in the order of the list. To
 * o->report it writes one line per test, fields separated by tabs:
 *
 *     name  result  seconds  file:line  backtrace  message  notes
 *
 * result is
 *
 *     pass
 *     fail       an expectation was not met
 *     timeout    no end in time, or printed without end
 *     crash      a signal, or a sanitizer's report
 *     panic      raft_panicf()
 *     exit       the test's body did not come to its end
 *     leak       a leak checker's report, after the body
 *     memory     more memory was asked for than the test may have
 *     forbidden  a system call that the test's kit does not allow; message names it
 *     reference  the test went wrong where it should have shown what is right; the
 *                message begins with what happened: "crash: Segmentation fault"
 *
 * file:line is the place of the expectation; for the others it is the innermost
 * known line of source. The backtrace is the places of the callers, innermost
 * first, separated by spaces. Both are "-" when unknown. notes are lines that the
 * test's kit has added, also for a test that passed; empty without a kit.
 * In message and notes newline, tab and backslash are written \n, \t and \\.
 *
 * Returns: how many passed and failed; tests that were not started (stop_on_hang)
 * are neither, and have no line in the report. */
struct runner_tally runner_run(
	struct runner_test *const *tests, size_t n, const struct runner_options *o);

#endif
