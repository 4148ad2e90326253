/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The runner judges code that misbehaves: each test here runs a list of
 * naughty tests through runner_run() and reads what is reported of them.
 */
#include "raft/rafttest/runner.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define NAUGHTY_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NAUGHTY_ASAN 1
#endif
#endif

static volatile int naughty_int;

__attribute__((noinline)) static void naughty_spin(void)
{
	while (naughty_int == 0)
		;
}

__attribute__((noinline)) static int naughty_recurse(int n)
{
	volatile char page[4096];

	page[0] = (char)n;
	if (n < 0)
		return 0;
	return naughty_recurse(n + 1) + page[0];
}

static void naughty_pass(void)
{
	printf("not shown\n");
}

static void naughty_expectation(void)
{
	EXPECT_EQ(3, naughty_int);
}

static void naughty_loop(void)
{
	naughty_spin();
}

/* A loop that will not be told: only SIGKILL ends it. */
static void naughty_deaf_loop(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	naughty_spin();
}

static void naughty_crash(void)
{
	*(volatile int *)(size_t)naughty_int = 1;
}

static void naughty_recursion(void)
{
	naughty_recurse(naughty_int);
}

static void naughty_abort(void)
{
	abort();
}

static void naughty_exit(void)
{
	exit(0);
}

static void naughty_quick_exit(void)
{
	_exit(0);
}

static void naughty_kill(void)
{
	kill(getpid(), SIGKILL);
}

static void naughty_flood(void)
{
	for (;;)
		printf("%01000d\n", 0);
}

/* What a test leaves running must neither outlive it nor keep us waiting. */
static void naughty_orphan(void)
{
	if (fork() == 0) {
		sleep(60);
		_exit(0);
	}
}

static void naughty_slow_exit(void)
{
	sleep(60);
}

static void naughty_hang_at_exit(void)
{
	atexit(naughty_slow_exit);
}

static void *naughty_thread(void *arg)
{
	(void)arg;
	FAIL("said in a thread");
}

static void naughty_fail_in_thread(void)
{
	pthread_t t;

	pthread_create(&t, NULL, naughty_thread, NULL);
	pthread_join(t, NULL);
}

static void naughty_leak(void)
{
	void *volatile p = malloc(100);

	p = NULL;
	(void)p;
}

/* One line of the report, taken apart. */
struct report {
	char name[64], result[16], place[256], trace[1024], message[1024];
	double seconds;
};

static struct report run_one(void (*fn)(void), bool no_fork)
{
	struct runner_test t = {.name = "naughty", .file = __FILE__, .line = 1, .timeout = 0.3, .fn = fn};
	struct runner_test *tests[] = {&t};
	struct runner_options o = {.jobs = 1, .no_fork = no_fork, .report = tmpfile()};
	struct report r = {0};
	struct runner_tally tally;
	int n;

	EXPECT(o.report != NULL);
	tally = runner_run(tests, 1, &o);
	rewind(o.report);
	n = fscanf(o.report, "%63[^\t]\t%15[^\t]\t%lf\t%255[^\t]\t%1023[^\t]\t%1023[^\n]", r.name,
		r.result, &r.seconds, r.place, r.trace, r.message);
	fclose(o.report);
	EXPECT(n >= 5);
	EXPECT_EQ(strcmp(r.result, "pass") == 0, tally.passed);
	EXPECT_EQ(1, tally.passed + tally.failed);
	return r;
}

TEST(runner_pass)
{
	EXPECT_STR_EQ("pass", run_one(naughty_pass, false).result);
}

TEST(runner_fail_says_where_and_what)
{
	struct report r = run_one(naughty_expectation, false);

	EXPECT_STR_EQ("fail", r.result);
	EXPECT(strstr(r.place, "raft/rafttest/runner_test.c:") == r.place);
	EXPECT_STR_EQ("naughty_int: want 3, got 0", r.message);
}

TEST(runner_fail_without_fork)
{
	EXPECT_STR_EQ("fail", run_one(naughty_expectation, true).result);
}

TEST_TIMEOUT(runner_loop_is_a_timeout_with_its_place, 20)
{
	struct report r = run_one(naughty_loop, false);

	EXPECT_STR_EQ("timeout", r.result);
#ifndef __SANITIZE_THREAD__ /* which holds signals back until the next system call */
	EXPECT(strstr(r.place, "raft/rafttest/runner_test.c:") == r.place);
#endif
	EXPECT(r.seconds < 5);
}

TEST_TIMEOUT(runner_deaf_loop_is_a_timeout, 20)
{
	EXPECT_STR_EQ("timeout", run_one(naughty_deaf_loop, false).result);
}

TEST(runner_crash)
{
	struct report r = run_one(naughty_crash, false);

	EXPECT_STR_EQ("crash", r.result);
	EXPECT(strstr(r.place, "raft/rafttest/runner_test.c:") == r.place);
}

TEST_TIMEOUT(runner_recursion_is_a_crash, 20)
{
	EXPECT_STR_EQ("crash", run_one(naughty_recursion, false).result);
}

TEST(runner_abort_is_a_crash)
{
	EXPECT_STR_EQ("crash", run_one(naughty_abort, false).result);
}

TEST(runner_exit_is_a_failure)
{
	struct report r = run_one(naughty_exit, false);

	EXPECT_STR_EQ("exit", r.result);
	EXPECT(strstr(r.trace, "raft/rafttest/runner_test.c:") != NULL);
	EXPECT_STR_EQ("exit", run_one(naughty_quick_exit, false).result);
}

TEST(runner_kill_is_a_crash)
{
	EXPECT_STR_EQ("crash", run_one(naughty_kill, false).result);
}

TEST_TIMEOUT(runner_flood_is_a_timeout, 30)
{
	EXPECT_STR_EQ("timeout", run_one(naughty_flood, false).result);
}

TEST(runner_orphans_are_ended)
{
	EXPECT_STR_EQ("pass", run_one(naughty_orphan, false).result);
}

TEST_TIMEOUT(runner_hang_at_exit_is_a_timeout, 20)
{
	EXPECT_STR_EQ("timeout", run_one(naughty_hang_at_exit, false).result);
}

TEST(runner_fail_in_thread)
{
	struct report r = run_one(naughty_fail_in_thread, false);

	EXPECT_STR_EQ("fail", r.result);
	EXPECT_STR_EQ("said in a thread", r.message);
}

TEST(runner_leak)
{
#ifdef NAUGHTY_ASAN
	EXPECT_STR_EQ("leak", run_one(naughty_leak, false).result);
#else
	EXPECT_STR_EQ("pass", run_one(naughty_leak, false).result);
#endif
}

TEST(runner_expect_panic)
{
	volatile int before = 0;

	EXPECT_PANIC(before = 1; abort());
	EXPECT_EQ(1, before);
	EXPECT_PANIC(free(malloc(10)); malloc(20) ? abort() : abort());
}

static void naughty_no_panic(void)
{
	EXPECT_PANIC(naughty_int = 0);
}

TEST(runner_missing_panic_fails)
{
	EXPECT_STR_EQ("fail", run_one(naughty_no_panic, false).result);
}

/* Results come in the order of the list, however long each test takes. */
static void naughty_sleep(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 100 * 1000 * 1000}, NULL);
}

TEST(runner_reports_in_order)
{
	struct runner_test slow = {.name = "slow", .file = __FILE__, .fn = naughty_sleep};
	struct runner_test quick = {.name = "quick", .file = __FILE__, .fn = naughty_pass};
	struct runner_test *tests[] = {&slow, &quick, &quick};
	struct runner_options o = {.jobs = 3, .report = tmpfile()};
	struct runner_tally tally;
	char name[3][64];

	EXPECT(o.report != NULL);
	tally = runner_run(tests, 3, &o);
	EXPECT_EQ(3, tally.passed);
	rewind(o.report);
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(1, fscanf(o.report, "%63s%*[^\n]", name[i]));
	fclose(o.report);
	EXPECT_STR_EQ("slow", name[0]);
	EXPECT_STR_EQ("quick", name[1]);
	EXPECT_STR_EQ("quick", name[2]);
}
