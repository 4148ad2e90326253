/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The runner judges code that misbehaves: each test here runs a list of
 * naughty tests through runner_run() and reads what is reported of them.
 */
#include "raft/rafttest/runner_kit.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define NAUGHTY_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NAUGHTY_ASAN 1
#endif
#endif

/* Sanitizers need much memory, and handle crashes themselves. */
#if defined(NAUGHTY_ASAN) || defined(__SANITIZE_THREAD__)
#define NAUGHTY_SANITIZED 1
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
	char name[64], result[16], place[256], trace[1024], message[1024], notes[1024];
	double seconds;
};

/* Copies the field up to the next tab or the end of the line, and goes behind it. */
static void report_field(char **at, char *to, size_t size)
{
	size_t n = strcspn(*at, "\t\n");

	snprintf(to, size, "%.*s", (int)n, *at);
	*at += n + ((*at)[n] == '\t');
}

static struct report report_read(FILE *f)
{
	struct report r = {0};
	char line[8192], *at = line, seconds[32];

	EXPECT(fgets(line, sizeof(line), f) != NULL);
	report_field(&at, r.name, sizeof(r.name));
	report_field(&at, r.result, sizeof(r.result));
	report_field(&at, seconds, sizeof(seconds));
	report_field(&at, r.place, sizeof(r.place));
	report_field(&at, r.trace, sizeof(r.trace));
	report_field(&at, r.message, sizeof(r.message));
	EXPECT_EQ('\t', at[-1]);
	report_field(&at, r.notes, sizeof(r.notes));
	EXPECT_STR_EQ("\n", at);
	r.seconds = strtod(seconds, NULL);
	return r;
}

static struct report run_test(struct runner_test *t, bool no_fork)
{
	struct runner_test *tests[] = {t};
	struct runner_options o = {.jobs = 1, .no_fork = no_fork, .report = tmpfile()};
	struct runner_tally tally;
	struct report r;

	EXPECT(o.report != NULL);
	tally = runner_run(tests, 1, &o);
	rewind(o.report);
	r = report_read(o.report);
	EXPECT_EQ(EOF, fgetc(o.report));
	fclose(o.report);
	EXPECT_EQ(strcmp(r.result, "pass") == 0, tally.passed);
	EXPECT_EQ(1, tally.passed + tally.failed);
	return r;
}

static struct report run_one(void (*fn)(void), bool no_fork)
{
	struct runner_test t = {
		.name = "naughty", .file = __FILE__, .line = 1, .timeout = 0.3, .fn = fn};

	return run_test(&t, no_fork);
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

/* --- tests that are out to disturb ------------------------------------------------ */

/* Each of them comes to its end, with its one line in the report, and so does the next. */
static void expect_result(const char *want, void (*fn)(void))
{
	EXPECT_STR_EQ(want, run_one(fn, false).result);
}

static void naughty_write_everywhere(void)
{
	for (int fd = 0; fd < 100; fd++)
		if (write(fd, "naughty\tpass\n", 13) < 0)
			continue;
}

static void naughty_close_all(void)
{
	for (int fd = 0; fd < 100; fd++)
		close(fd);
}

static void naughty_handlers(void)
{
	for (int sig = 1; sig < 65; sig++)
		signal(sig, SIG_IGN);
	naughty_spin();
}

static void naughty_jump(void)
{
	jmp_buf nowhere;

	memset(&nowhere, 0x55, sizeof(nowhere));
	longjmp(nowhere, 1);
}

static void naughty_free(void)
{
	char *volatile p = (char *)&naughty_int;

	free(p);
}

static void naughty_signal(void)
{
	raise(SIGTERM);
}

TEST(runner_files_are_out_of_reach)
{
	expect_result("pass", naughty_write_everywhere);
	expect_result("pass", naughty_close_all);
}

TEST_TIMEOUT(runner_handlers_can_be_changed, 20)
{
	expect_result("timeout", naughty_handlers);
}

TEST(runner_jump_to_nowhere_is_a_crash)
{
	expect_result("crash", naughty_jump);
}

TEST(runner_says_what_the_heap_says)
{
	struct report r = run_one(naughty_free, false);

	EXPECT_STR_EQ("crash", r.result);
#ifndef NAUGHTY_SANITIZED
	EXPECT(strstr(r.message, "invalid pointer") || strstr(r.message, "Segmentation"));
#endif
}

TEST(runner_signal_is_a_crash)
{
	expect_result("crash", naughty_signal);
}

/* --- kits --------------------------------------------------------------------------- */

static void kit_confine(void)
{
#ifndef NAUGHTY_SANITIZED
	setrlimit(RLIMIT_AS, &(struct rlimit){200 << 20, 200 << 20});
#endif
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){1 << 20, 1 << 20});
	runner_warn("runner_test: this line is meant to be here, once");
}

static void kit_run(void (*body)(void))
{
	size_t size;
	char *notes = runner_notes(&size);

	snprintf(notes, size, "about: a\ttest");
	body();
}

static void kit_last_words(enum runner_result result, const char *msg)
{
	size_t size;
	char *notes = runner_notes(&size);

	snprintf(notes, size, "last: %d %s", (int)result, msg);
}

static const struct runner_kit kit = {
	.cpu_seconds = 0.1, .confine = kit_confine, .run = kit_run, .last_words = kit_last_words};

static struct report run_in_kit(void (*fn)(void))
{
	struct runner_test t = {
		.name = "naughty", .file = __FILE__, .line = 1, .kit = &kit, .fn = fn};

	return run_test(&t, false);
}

TEST(runner_kit_leaves_notes)
{
	struct report r = run_in_kit(naughty_pass);

	EXPECT_STR_EQ("pass", r.result);
	EXPECT_STR_EQ("about: a\\ttest", r.notes);
	r = run_in_kit(naughty_quick_exit);
	EXPECT_STR_EQ("exit", r.result);
	EXPECT_STR_EQ("about: a\\ttest", r.notes);
}

TEST(runner_kit_has_last_words)
{
	EXPECT(strstr(run_in_kit(naughty_expectation).notes, "want 3") != NULL);
#ifndef NAUGHTY_SANITIZED
	EXPECT(strstr(run_in_kit(naughty_crash).notes, "Segmentation") != NULL);
#endif
	EXPECT(strstr(run_in_kit(naughty_exit).notes, "exit()") != NULL);
}

TEST_TIMEOUT(runner_kit_counts_processor_time, 20)
{
	struct report r = run_in_kit(naughty_loop);

	EXPECT_STR_EQ("timeout", r.result);
#ifndef __SANITIZE_THREAD__
	EXPECT(strstr(r.place, "raft/rafttest/runner_test.c:") == r.place);
#endif
	EXPECT_STR_EQ("timeout", run_in_kit(naughty_deaf_loop).result);
}

TEST(runner_kit_limits_output)
{
	struct report r = run_in_kit(naughty_flood);

	EXPECT_STR_EQ("timeout", r.result);
	EXPECT_STR_EQ("printed without end", r.message);
}

static void naughty_greedy(void)
{
	for (;;)
		memset(malloc(1 << 20), 1, 4096);
}

/* Who looks at what malloc returns, and waits for better times. */
static void naughty_stubborn(void)
{
	for (;;)
		if (!malloc(1 << 20))
			naughty_spin();
}

TEST(runner_kit_limits_memory)
{
#ifndef NAUGHTY_SANITIZED
	EXPECT_STR_EQ("memory", run_in_kit(naughty_greedy).result);
	EXPECT_STR_EQ("memory", run_in_kit(naughty_stubborn).result);
#else
	(void)naughty_greedy;
	(void)naughty_stubborn;
#endif
}

static void naughty_wrong_itself(void)
{
	runner_blame_reference(true);
	FAIL("what is right");
}

TEST(runner_kit_may_blame_the_reference)
{
	struct report r = run_in_kit(naughty_wrong_itself);

	EXPECT_STR_EQ("reference", r.result);
	EXPECT_STR_EQ("fail: what is right", r.message);
}

TEST_TIMEOUT(runner_stops_on_hang, 20)
{
	struct runner_test quick = {.name = "quick", .file = __FILE__, .fn = naughty_pass};
	struct runner_test hang = {
		.name = "hang", .file = __FILE__, .timeout = 0.1, .fn = naughty_loop};
	struct runner_test *tests[] = {&quick, &hang, &quick, &quick};
	struct runner_options o = {.jobs = 1, .stop_on_hang = true};
	struct runner_tally tally = runner_run(tests, 4, &o);

	EXPECT_EQ(1, tally.passed);
	EXPECT_EQ(1, tally.failed);
}
