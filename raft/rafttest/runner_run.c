/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's side: starts the tests, keeps their time, judges how they ended.
 */
#include "raft/rafttest/runner_internal.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* More output than this is an endless loop that prints. */
#define RUN_OUTPUT_MAX (64ll << 20)

/* What is shown of the output of a failed test: its end. */
#define RUN_OUTPUT_SHOWN 16384

/* After the deadline, how long the test may take to say where it is. */
#define RUN_GRACE 2.0

/* One test on its way. */
struct run_job {
	const struct runner_test *test;
	struct runner_slot *slot; /* shared with the child */
	pid_t pid;                /* 0: not started, or over */
	int out;                  /* file that takes its output */
	double started, ended, deadline;
	bool asked, killed, flooded;
	bool hung;
	enum runner_result result;
	bool over;
	char places[1024]; /* of the backtrace, innermost first */
};

static const char *const run_result_name[] = {
	[RUNNER_NONE] = "none",
	[RUNNER_PASS] = "pass",
	[RUNNER_FAIL] = "fail",
	[RUNNER_TIMEOUT] = "timeout",
	[RUNNER_CRASH] = "crash",
	[RUNNER_PANIC] = "panic",
	[RUNNER_EXIT] = "exit",
	[RUNNER_LEAK] = "leak",
	[RUNNER_MEMORY] = "memory",
	[RUNNER_FORBIDDEN] = "forbidden",
	[RUNNER_REFERENCE] = "reference",
};

_Noreturn static void run_die(const char *what)
{
	fprintf(stderr, "test runner: %s: %s\n", what, strerror(errno));
	exit(2);
}

static double run_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

double runner_slowness(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return 5;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
	return 5;
#endif
#endif
	return 1;
}

static bool run_traced(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	int tracer = 0;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "TracerPid: %d", &tracer) == 1)
			break;
	if (f)
		fclose(f);
	return tracer != 0;
}

static void run_prepare(struct run_job *j)
{
	j->slot = mmap(
		NULL, sizeof(*j->slot), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (j->slot == MAP_FAILED)
		run_die("shared memory");
	if (getrandom(&j->slot->cookie, sizeof(j->slot->cookie), 0) < 0)
		j->slot->cookie = (unsigned long long)(run_now() * 1e9);
	j->slot->cookie |= 1; /* never 0, which is what done starts as */
	j->started = run_now();
}

/* A file without a name, for what a test prints. */
static int run_output_file(void)
{
	int fd = memfd_create("output of a test", MFD_CLOEXEC);

	if (fd < 0) {
		FILE *f = tmpfile();

		if (!f || (fd = fcntl(fileno(f), F_DUPFD_CLOEXEC, 3)) < 0)
			run_die("a file for the output of a test");
		fclose(f);
	}
	/* Two descriptions of one file would overwrite each other. */
	fcntl(fd, F_SETFL, O_APPEND);
	return fd;
}

/* What the runner has open, such as the report, is none of the test's business. */
static void run_close_files(void)
{
#ifdef SYS_close_range
	if (syscall(SYS_close_range, 3u, ~0u, 0u) == 0)
		return;
#endif
	for (int fd = 3; fd < 1024; fd++)
		close(fd);
}

static void run_start(struct run_job *j, const struct runner_options *o, const sigset_t *mask)
{
	double limit = j->test->timeout > 0 ? j->test->timeout : o->timeout > 0 ? o->timeout : 10;
	pid_t parent = getpid();

	j->out = run_output_file();
	run_prepare(j);
	j->deadline = j->started + limit * runner_slowness();
	fflush(NULL);
	j->pid = fork();
	if (j->pid < 0)
		run_die("fork");
	if (j->pid > 0) {
		setpgid(j->pid, j->pid);
		return;
	}
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 0);
	dup2(j->out, 1);
	dup2(j->out, 2);
	run_close_files();
	sigprocmask(SIG_SETMASK, mask, NULL);
	runner_child_run(j->test, j->slot);
}

/* Looks after a running test; its end is noticed elsewhere. */
static void run_watch(struct run_job *j)
{
	double now = run_now();
	struct stat st;

	if (!j->killed && fstat(j->out, &st) == 0 && st.st_size > RUN_OUTPUT_MAX) {
		j->killed = j->flooded = true;
		kill(-j->pid, SIGKILL);
	} else if (!j->asked && now >= j->deadline) {
		j->asked = true;
		kill(j->pid, RUNNER_DEADLINE_SIGNAL);
		kill(j->pid, SIGCONT);
	} else if (!j->killed && now >= j->deadline + RUN_GRACE) {
		j->killed = true;
		kill(-j->pid, SIGKILL);
	}
}

/* gcc's UBSan ends the program in a library of its own that tells no callback;
 * what it printed is "file:line:column: runtime error: ...". */
static bool run_undefined_behaviour(struct run_job *j)
{
	static const char mark[] = ": runtime error: ";
	char text[4096], *at, *start, *end;
	ssize_t n = pread(j->out, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	if (!(at = strstr(text, mark)))
		return false;
	for (start = at; start > text && start[-1] != '\n'; start--)
		;
	*at = '\0';
	if ((end = strchr(at + 1, '\n')))
		*end = '\0';
	if (sscanf(start, "%255[^:]:%d", j->slot->file, &j->slot->line) != 2)
		j->slot->line = 0;
	snprintf(j->slot->msg, sizeof(j->slot->msg), "%s", at + strlen(mark));
	return true;
}

/* The C library says what it found wrong with the heap or the stack in one line, the
 * last before it aborts: "free(): invalid pointer". So does raft when it is refused
 * memory. */
static void run_reason_of_abort(struct run_job *j)
{
	struct runner_slot *s = j->slot;
	char text[256], *line;
	off_t size = lseek(j->out, 0, SEEK_END);
	ssize_t n = pread(j->out, text, sizeof(text) - 1,
		size > (off_t)sizeof(text) ? size - (off_t)sizeof(text) + 1 : 0);

	if (n <= 0)
		return;
	text[n] = '\0';
	if (text[n - 1] == '\n')
		text[n - 1] = '\0';
	line = strrchr(text, '\n');
	line = line ? line + 1 : text;
	if (strstr(line, ": out of memory")) {
		j->result = RUNNER_MEMORY;
		snprintf(s->msg, sizeof(s->msg), "%s", line);
		return;
	}
	if (strstr(line, "(): ") || strncmp(line, "*** ", 4) == 0 || strstr(line, "corrupted") ||
		strstr(line, ": Assertion "))
		snprintf(s->msg, sizeof(s->msg), "%s: %s", strsignal(SIGABRT), line);
}

static double run_cpu_seconds(const struct rusage *u)
{
	return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) +
	       (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1e6;
}

/* A limit of processor time that a deaf test ran into ends it by SIGKILL. */
static bool run_out_of_cpu(const struct run_job *j, int status, const struct rusage *used)
{
	const struct runner_kit *kit = j->test->kit;

	return kit && kit->cpu_seconds > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL &&
	       run_cpu_seconds(used) > kit->cpu_seconds;
}

/* The result is another: the test itself was wrong. What it was goes before the message. */
static void run_blame_reference(struct run_job *j)
{
	struct runner_slot *s = j->slot;
	char msg[sizeof(s->msg)];

	if (j->result == RUNNER_PASS)
		return;
	memcpy(msg, s->msg, sizeof(msg));
	snprintf(s->msg, sizeof(s->msg), "%s: %.*s", run_result_name[j->result],
		(int)sizeof(msg) - 32, msg);
	j->result = RUNNER_REFERENCE;
}

static void run_judge(struct run_job *j, int status, const struct rusage *used)
{
	struct runner_slot *s = j->slot;
	bool done = s->done == s->cookie;

	j->ended = run_now();
	/* The test may have written to it. */
	s->msg[sizeof(s->msg) - 1] = s->file[sizeof(s->file) - 1] = '\0';
	s->notes[sizeof(s->notes) - 1] = s->warning[sizeof(s->warning) - 1] = '\0';
	if (s->result > RUNNER_PASS && s->result <= RUNNER_FORBIDDEN) {
		j->result = s->result;
	} else if (j->flooded) {
		j->result = RUNNER_TIMEOUT;
		snprintf(s->msg, sizeof(s->msg), "printed without end");
	} else if (j->asked || run_out_of_cpu(j, status, used)) {
		j->result = RUNNER_TIMEOUT;
		snprintf(s->msg, sizeof(s->msg), "did not come to an end in time");
	} else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) {
		j->result = RUNNER_FORBIDDEN;
		snprintf(s->msg, sizeof(s->msg), "a system call");
	} else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ) {
		j->result = RUNNER_TIMEOUT;
		snprintf(s->msg, sizeof(s->msg), "printed without end");
	} else if (WIFSIGNALED(status)) {
		j->result = RUNNER_CRASH;
		snprintf(s->msg, sizeof(s->msg), "%s", strsignal(WTERMSIG(status)));
	} else if (!done && run_undefined_behaviour(j)) {
		j->result = RUNNER_CRASH;
	} else if (!done) {
		j->result = RUNNER_EXIT;
		snprintf(s->msg, sizeof(s->msg), "exit(%d) was called before the test was over",
			WEXITSTATUS(status));
	} else if (WEXITSTATUS(status) != 0) {
		j->result = RUNNER_LEAK;
		snprintf(s->msg, sizeof(s->msg), "status %d at exit, after the test was over",
			WEXITSTATUS(status));
	} else {
		j->result = RUNNER_PASS;
	}
	if (j->result == RUNNER_CRASH && j->out >= 0 && strcmp(s->msg, strsignal(SIGABRT)) == 0)
		run_reason_of_abort(j);
	j->hung = j->result == RUNNER_TIMEOUT;
	if (s->reference)
		run_blame_reference(j);
	if (s->nframes < 0 || s->nframes > RUNNER_FRAMES)
		s->nframes = 0;
	j->over = true;
}

static void run_print_indented(FILE *out, const char *text, size_t len, const char *indent)
{
	for (const char *p = text, *end = text + len; p < end;) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((nl ? nl : end) - p);

		fprintf(out, "%s%.*s\n", indent, (int)n, p);
		p += n + 1;
	}
}

static void run_print_output(FILE *out, int fd)
{
	char *text = malloc(RUN_OUTPUT_SHOWN);
	off_t size = lseek(fd, 0, SEEK_END);
	off_t from = size > RUN_OUTPUT_SHOWN ? size - RUN_OUTPUT_SHOWN : 0;
	ssize_t n = text ? pread(fd, text, RUN_OUTPUT_SHOWN, from) : 0;

	if (from > 0)
		fprintf(out, "    | ... (%lld bytes before)\n", (long long)from);
	if (n > 0)
		run_print_indented(out, text, (size_t)n, "    | ");
	free(text);
}

static void run_escape(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n' || *text == '\t' || *text == '\\')
			fprintf(out, "\\%c", *text == '\n' ? 'n' : *text == '\t' ? 't' : '\\');
		else
			fputc(*text, out);
	}
}

static void run_report(FILE *out, const struct run_job *j)
{
	const struct runner_slot *s = j->slot;

	fprintf(out, "%s\t%s\t%.3f\t", j->test->name, run_result_name[j->result],
		j->ended - j->started);
	if (s->line > 0)
		fprintf(out, "%s:%d\t", s->file, s->line);
	else
		fputs("-\t", out);
	fprintf(out, "%s\t", j->places[0] ? j->places : "-");
	run_escape(out, j->result == RUNNER_PASS ? "" : s->msg);
	fputc('\t', out);
	run_escape(out, s->notes);
	fputc('\n', out);
	fflush(out);
}

static void run_pass_on_warning(const char *line)
{
	static char last[sizeof(((struct runner_slot *)NULL)->warning)];

	if (!*line || strcmp(line, last) == 0)
		return;
	fprintf(stderr, "%s\n", line);
	memcpy(last, line, sizeof(last));
}

/* Prints the result and lets go of what the job holds. */
static void run_finish(struct run_job *j, const struct runner_options *o)
{
	struct runner_slot *s = j->slot;
	FILE *null = NULL, *out = o->out;

	if (!out)
		out = null = fopen("/dev/null", "we");
	if (!out)
		run_die("/dev/null");
	if (j->result == RUNNER_PASS) {
		if (o->verbose)
			fprintf(out, "pass %s (%.3f s)\n", j->test->name, j->ended - j->started);
	} else {
		fprintf(out, "%s %s (%s:%d)\n", run_result_name[j->result], j->test->name,
			j->test->file, j->test->line);
		if (s->line > 0)
			fprintf(out, "    %s:%d:\n", s->file, s->line);
		run_print_indented(out, s->msg, strlen(s->msg), "    ");
		run_print_indented(out, s->notes, strlen(s->notes), "    ");
		runner_trace_print(out, s, j->places, sizeof(j->places));
		if (j->out >= 0)
			run_print_output(out, j->out);
	}
	fflush(out);
	run_pass_on_warning(s->warning);
	if (o->report)
		run_report(o->report, j);
	if (null)
		fclose(null);
	if (j->out >= 0)
		close(j->out);
	munmap(s, sizeof(*s));
	j->slot = NULL;
}

/* The tests in processes of their own, jobs of them at a time. */
static void run_forked(struct run_job *jobs, size_t n, const struct runner_options *o)
{
	long at_a_time = o->jobs > 0 ? o->jobs : sysconf(_SC_NPROCESSORS_ONLN);
	size_t next = 0, printed = 0;
	long running = 0;
	bool stopped = false;
	sigset_t chld, mask;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, &mask);
	while (printed < next || (next < n && !stopped)) {
		struct timespec pause = {.tv_nsec = 50 * 1000 * 1000};

		for (; next < n && running < at_a_time && !stopped; next++, running++)
			run_start(&jobs[next], o, &mask);
		sigtimedwait(&chld, NULL, &pause);
		for (size_t i = printed; i < next; i++) {
			struct run_job *j = &jobs[i];
			struct rusage used;
			int status;

			if (j->over)
				continue;
			run_watch(j);
			if (wait4(j->pid, &status, WNOHANG, &used) != j->pid)
				continue;
			kill(-j->pid, SIGKILL); /* what it may have left behind */
			run_judge(j, status, &used);
			stopped = stopped || (o->stop_on_hang && j->hung);
			running--;
		}
		for (; printed < next && jobs[printed].over; printed++)
			run_finish(&jobs[printed], o);
	}
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

static void run_inline(struct run_job *jobs, size_t n, const struct runner_options *o)
{
	for (size_t i = 0; i < n; i++) {
		run_prepare(&jobs[i]);
		runner_inline_run(jobs[i].test, jobs[i].slot);
		run_judge(&jobs[i], 0, &(struct rusage){0});
		run_finish(&jobs[i], o);
	}
}

struct runner_tally runner_run(
	struct runner_test *const *tests, size_t n, const struct runner_options *o)
{
	struct run_job *jobs = calloc(n + 1, sizeof(*jobs));
	struct runner_tally tally = {0};
	void *frame;

	if (!jobs)
		run_die("memory");
	/* The first call loads a library: once here, not in each child. */
	backtrace(&frame, 1);
	for (size_t i = 0; i < n; i++) {
		jobs[i].test = tests[i];
		jobs[i].out = -1;
	}
	if (o->no_fork || run_traced())
		run_inline(jobs, n, o);
	else
		run_forked(jobs, n, o);
	for (size_t i = 0; i < n; i++) {
		if (jobs[i].result == RUNNER_PASS)
			tally.passed++;
		else if (jobs[i].over)
			tally.failed++;
	}
	runner_trace_stop();
	free(jobs);
	return tally;
}
