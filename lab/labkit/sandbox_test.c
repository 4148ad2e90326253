/* SPDX-License-Identifier: Apache-2.0 */
/* The sandbox, from inside: each attempt to get out has a result of its own. */
#include "lab/labkit/labkit.h"

#include "raft/rafttest/runner_kit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static void expect(const char *result, const char *message, void (*attempt)(void))
{
	struct runner_test t = {
		.name = "attempt", .file = __FILE__, .kit = &lab_kit, .fn = attempt};
	struct runner_test *tests[] = {&t};
	struct runner_options o = {.jobs = 1, .report = tmpfile()};
	char line[4096], got[64], text[256] = "";

	if (SANITIZED)
		return; /* the sandbox is off */
	EXPECT(o.report != NULL);
	runner_run(tests, 1, &o);
	rewind(o.report);
	EXPECT(fgets(line, sizeof(line), o.report) != NULL);
	fclose(o.report);
	EXPECT(sscanf(line, "attempt\t%63[^\t]\t%*[^\t]\t%*[^\t]\t%*[^\t]\t%255[^\t\n]", got,
		       text) >= 1);
	if (strcmp(result, got) != 0)
		FAIL("expected %s, got %s: %s", result, got, text);
	if (message)
		EXPECT_STR_EQ(message, text);
}

/* What a step may do: compute, allocate, print, look at the time, read nothing. */
static void attempt_nothing_bad(void)
{
	char *big = malloc(50 << 20);

	memset(big, 1, 50 << 20);
	free(big);
	big = realloc(malloc(10 << 20), 100 << 20);
	free(big);
	printf("%d %ld\n", rand(), (long)time(NULL));
	fprintf(stderr, "%d\n", getchar());
	fflush(NULL);
	EXPECT(getpid() > 0);
	EXPECT_PANIC(abort());
}

TEST(sandbox_lets_a_step_work)
{
	expect("pass", NULL, attempt_nothing_bad);
}

static void attempt_open(void)
{
	fopen("/dev/null", "w");
}

static void attempt_write(void)
{
	for (int fd = 3; fd < 100; fd++)
		if (write(fd, "x", 1) < 0)
			return;
}

static void attempt_close(void)
{
	close(1);
}

static void attempt_unlink(void)
{
	unlink("/tmp/there-is-no-such-file");
}

TEST(sandbox_forbids_files)
{
	expect("reference", "forbidden: open", attempt_open);
	expect("reference", "forbidden: write", attempt_write);
	expect("reference", "forbidden: close", attempt_close);
	expect("reference", "forbidden: unlink", attempt_unlink);
}

static void attempt_fork(void)
{
	for (;;)
		fork();
}

static void attempt_exec(void)
{
	execl("/bin/true", "true", (char *)NULL);
}

static void attempt_kill_parent(void)
{
	kill(getppid(), SIGKILL);
}

static void attempt_kill_all(void)
{
	kill(0, SIGKILL);
}

static void attempt_stop(void)
{
	raise(SIGSTOP);
}

TEST(sandbox_forbids_processes_and_signals)
{
	expect("reference", "forbidden: fork", attempt_fork);
	expect("reference", "forbidden: exec", attempt_exec);
	expect("reference", "forbidden: kill", attempt_kill_parent);
	expect("reference", "forbidden: kill", attempt_kill_all);
	expect("reference", "forbidden: raise", attempt_stop);
}

static void attempt_socket(void)
{
	socket(AF_INET, SOCK_STREAM, 0);
}

static void attempt_sleep(void)
{
	sleep(100);
}

static void attempt_handler(void)
{
	signal(SIGPROF, SIG_IGN);
}

static void attempt_timer(void)
{
	setitimer(ITIMER_PROF, &(struct itimerval){0}, NULL);
}

static void attempt_code(void)
{
	mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void attempt_shared_file(void)
{
	mmap(NULL, 4096, PROT_READ, MAP_SHARED, 0, 0);
}

TEST(sandbox_forbids_the_rest)
{
	expect("reference", "forbidden: socket", attempt_socket);
	expect("reference", "forbidden: sleep", attempt_sleep);
	expect("reference", "forbidden: sigaction", attempt_handler);
	expect("reference", "forbidden: setitimer", attempt_timer);
	expect("reference", "forbidden: mmap", attempt_code);
	expect("reference", "forbidden: mmap", attempt_shared_file);
}

static void attempt_memory(void)
{
	for (;;)
		raft_malloc(100000);
}

static void attempt_array(void)
{
	struct raft_messages ms = {0};

	for (;;)
		raft_messages_push(&ms, &(struct raft_message){0});
}

static void attempt_output(void)
{
	for (;;)
		printf("and on it goes\n");
}

__attribute__((noinline)) static int deeper(int n)
{
	volatile char here[1000];

	here[0] = (char)n;
	return n < 0 ? 0 : deeper(n + 1) + here[0];
}

static void attempt_recursion(void)
{
	deeper(0);
}

TEST_TIMEOUT(sandbox_limits_resources, 30)
{
	expect("reference", "memory: out of memory", attempt_memory);
	expect("reference", "memory: out of memory", attempt_array);
	expect("reference", "timeout: printed without end", attempt_output);
	expect("reference", "crash: Segmentation fault", attempt_recursion);
}
