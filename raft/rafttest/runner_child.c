/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The side of the runner that stands in the process of the test: expectations,
 * caught panics, and handlers that note where a crash or the deadline found us.
 */
#include "raft/rafttest/runner_internal.h"

#include <execinfo.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1 /* si_code of a SIGSYS by a filter; asm-generic/siginfo.h */
#endif

/* The runner serves programs with and without libraft and the sanitizers. */
extern void (*raft_panic_hook)(const char *msg) __attribute__((weak));
extern void __lsan_disable(void) __attribute__((weak));
extern void __lsan_enable(void) __attribute__((weak));
extern void __sanitizer_set_death_callback(void (*fn)(void)) __attribute__((weak));

static struct runner_slot *child_slot;
static const struct runner_kit *child_kit;
static sigjmp_buf child_panic_jump;
static volatile sig_atomic_t child_panic_armed;
static char child_panic_text[4096];

/* Where a failed expectation goes when the runner shares our process. */
static bool child_inline;
static sigjmp_buf child_inline_jump;

/* Keeps the first thing that went wrong: later ones are its consequences. */
static bool child_note(enum runner_result result, const char *msg)
{
	struct runner_slot *s = child_slot;

	if (!s || s->result != RUNNER_NONE)
		return false;
	s->result = result;
	snprintf(s->msg, sizeof(s->msg), "%s", msg);
	return true;
}

/* The kit has its say about what was noted. */
static void child_last_words(void)
{
	if (child_kit && child_kit->last_words)
		child_kit->last_words(child_slot->result, child_slot->msg);
}

char *runner_notes(size_t *size)
{
	/* Outside any test nobody reads them. */
	static char nowhere[sizeof(child_slot->notes)];

	*size = sizeof(nowhere);
	return child_slot ? child_slot->notes : nowhere;
}

void runner_blame_reference(bool on)
{
	if (child_slot)
		child_slot->reference = on;
}

void runner_warn(const char *line)
{
	if (child_slot)
		snprintf(child_slot->warning, sizeof(child_slot->warning), "%s", line);
}

/* A breakpoint here stops at a failed expectation. */
__attribute__((noinline)) static void runner_failed(void)
{
	__asm__ volatile("");
}

_Noreturn static void child_leave(void)
{
	runner_failed();
	if (child_inline)
		siglongjmp(child_inline_jump, 1);
	fflush(NULL);
	/* No exit(): a failed test leaks, and its leaks are of no interest. */
	_exit(1);
}

_Noreturn void runner_fail(const char *file, int line, const char *fmt, ...)
{
	char msg[sizeof(child_slot->msg)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	if (child_note(RUNNER_FAIL, msg)) {
		snprintf(child_slot->file, sizeof(child_slot->file), "%s", file);
		child_slot->line = line;
		child_last_words();
	}
	child_leave();
}

void runner_expect_eq(const char *file, int line, const char *what, long long want, long long got,
	bool is_unsigned)
{
	if (want == got)
		return;
	if (is_unsigned)
		runner_fail(file, line, "%s: want %llu, got %llu", what, (unsigned long long)want,
			(unsigned long long)got);
	runner_fail(file, line, "%s: want %lld, got %lld", what, want, got);
}

void runner_expect_str_eq(
	const char *file, int line, const char *what, const char *want, const char *got)
{
	if (want == got || (want && got && strcmp(want, got) == 0))
		return;
	runner_fail(file, line, "%s:\n  want %s%s%s\n  got  %s%s%s", what, want ? "\"" : "",
		want ? want : "NULL", want ? "\"" : "", got ? "\"" : "", got ? got : "NULL",
		got ? "\"" : "");
}

/* Prints bytes from the first that differs on. */
static void child_hex(char *buf, size_t size, const unsigned char *p, size_t from, size_t len)
{
	size_t n = 0;

	buf[0] = '\0';
	for (size_t i = from; i < len && i < from + 16 && n < size; i++)
		n += (size_t)snprintf(buf + n, size - n, " %02x", p[i]);
}

void runner_expect_mem_eq(
	const char *file, int line, const char *what, const void *want, const void *got, size_t len)
{
	char w[64], g[64];
	size_t at = 0;

	if (len == 0 || memcmp(want, got, len) == 0)
		return;
	while (((const unsigned char *)want)[at] == ((const unsigned char *)got)[at])
		at++;
	child_hex(w, sizeof(w), want, at, len);
	child_hex(g, sizeof(g), got, at, len);
	runner_fail(file, line, "%s: differs from byte %zu of %zu on:\n  want%s\n  got %s", what,
		at, len, w, g);
}

/* --- panics ----------------------------------------------------------------- */

sigjmp_buf *runner_panic_arm(void)
{
	if (child_panic_armed)
		runner_fail(__FILE__, __LINE__, "EXPECT_PANIC within EXPECT_PANIC");
	child_panic_text[0] = '\0';
	child_panic_armed = 1;
	if (__lsan_disable)
		__lsan_disable();
	return &child_panic_jump;
}

void runner_panic_disarm(void)
{
	if (__lsan_enable && child_panic_armed)
		__lsan_enable();
	child_panic_armed = 0;
}

const char *runner_panic_message(void)
{
	return child_panic_text;
}

static void child_backtrace(void)
{
	if (child_slot && child_slot->nframes == 0)
		child_slot->nframes = backtrace(child_slot->frames, RUNNER_FRAMES);
}

/* raft_panicf() calls this before it aborts. */
static void child_on_panic(const char *msg)
{
	if (child_panic_armed) {
		snprintf(child_panic_text, sizeof(child_panic_text), "%s", msg);
		siglongjmp(child_panic_jump, 1);
	}
	if (child_inline)
		return; /* on to abort(), where the debugger stops */
	if (child_note(RUNNER_PANIC, msg)) {
		child_backtrace();
		child_last_words();
	}
	child_leave();
}

/* --- signals ---------------------------------------------------------------- */

/* The frames above the interrupted function are the handler's own. */
static void child_backtrace_from(void *context)
{
	struct runner_slot *s = child_slot;
	void *pc = NULL;

#if defined(__x86_64__)
	pc = (void *)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	pc = (void *)((ucontext_t *)context)->uc_mcontext.pc;
#else
	(void)context;
#endif
	child_backtrace();
	for (int i = 0; s && i < s->nframes; i++) {
		if (s->frames[i] != pc)
			continue;
		s->nframes -= i;
		memmove(s->frames, s->frames + i, (size_t)s->nframes * sizeof(s->frames[0]));
		/* Return addresses lie behind their call; this one is exact. */
		s->frames[0] = (char *)s->frames[0] + 1;
		return;
	}
}

/* Whether the test has used up what memory it may have: so much more is not to be
 * had. Whoever is refused memory often crashes or runs in circles for it. */
static bool child_starved(size_t more)
{
	void *p = mmap(NULL, more, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return true;
	munmap(p, more);
	return false;
}

/* A system call was not allowed: which one? */
static const char *child_syscall_name(int nr)
{
	static char number[32];
	const char *name =
		child_kit && child_kit->syscall_name ? child_kit->syscall_name(nr) : NULL;

	if (name)
		return name;
	snprintf(number, sizeof(number), "system call %d", nr);
	return number;
}

/* What a signal means, and what to say of it. */
static enum runner_result child_meaning(int sig, const siginfo_t *info, const char **msg)
{
	*msg = strsignal(sig);
	switch (sig) {
	case RUNNER_DEADLINE_SIGNAL:
	case SIGPROF:
		*msg = "did not come to an end in time";
		if (!child_starved(64 << 20))
			return RUNNER_TIMEOUT;
		break;
	case SIGXFSZ:
		*msg = "printed without end";
		return RUNNER_TIMEOUT;
	case SIGSYS:
		if (info->si_code != SYS_SECCOMP)
			return RUNNER_CRASH; /* somebody raised it */
		*msg = child_syscall_name(info->si_syscall);
		return RUNNER_FORBIDDEN;
	case SIGABRT:
		/* By somebody who wanted twice as much for an array that grows. */
		if (!child_starved(160 << 20))
			return RUNNER_CRASH;
		break;
	default:
		if (!child_starved(4 << 20))
			return RUNNER_CRASH;
	}
	*msg = "out of memory";
	return RUNNER_MEMORY;
}

static void child_on_signal(int sig, siginfo_t *info, void *context)
{
	enum runner_result result;
	const char *msg;

	if (sig == SIGABRT && child_panic_armed)
		siglongjmp(child_panic_jump, 1);
	result = child_meaning(sig, info, &msg);
	/* In this order: of a stack in ruins there is no backtrace, but a second crash. */
	if (child_note(result, msg)) {
		child_last_words();
		child_backtrace_from(context);
	}
	/* A plain crash takes its course, which may leave a core. */
	if (result != RUNNER_CRASH || child_kit)
		_exit(1);
	signal(sig, SIG_DFL);
	raise(sig);
}

/* A sanitizer has found something and is about to end us. After the body it
 * can only be the leak checker. */
static void child_on_sanitizer(void)
{
	struct runner_slot *s = child_slot;

	if (s->done == s->cookie) {
		child_note(RUNNER_LEAK, "memory is leaked; see the output");
	} else if (child_note(RUNNER_CRASH, "stopped by the sanitizer; see the output")) {
		child_backtrace();
		child_last_words();
	}
}

/* exit() calls us on the stack of whoever called it. */
static void child_on_exit(void)
{
	struct runner_slot *s = child_slot;

	if (s && s->done != s->cookie &&
		child_note(RUNNER_EXIT, "exit() was called before the test was over")) {
		child_backtrace();
		child_last_words();
	}
}

static void child_catch(void)
{
	/* A handler stack of its own: the crash may be an endless recursion. */
	static const size_t size = 1 << 17;
	stack_t ss = {.ss_size = size};
	struct sigaction sa = {
		.sa_sigaction = child_on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};

	ss.ss_sp = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (ss.ss_sp != MAP_FAILED)
		sigaltstack(&ss, NULL);
	sigemptyset(&sa.sa_mask);
	sigaction(RUNNER_DEADLINE_SIGNAL, &sa, NULL);
	sigaction(SIGABRT, &sa, NULL);
	if (child_kit) {
		sigaction(SIGPROF, &sa, NULL);
		sigaction(SIGXFSZ, &sa, NULL);
		sigaction(SIGSYS, &sa, NULL);
	}
	if (__sanitizer_set_death_callback) {
		/* The sanitizer's own handlers say more than ours. */
		__sanitizer_set_death_callback(child_on_sanitizer);
		return;
	}
	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	sigaction(SIGFPE, &sa, NULL);
	sigaction(SIGILL, &sa, NULL);
}

/* --- running ---------------------------------------------------------------- */

/* Processor time, unlike that on the wall, does not pass more quickly for a test when
 * the machine is busy. The timer can be blocked; the resource limit ends in SIGKILL,
 * which cannot. */
static void child_limit_cpu(double seconds)
{
	double whole = seconds * runner_slowness();
	time_t s = (time_t)whole;
	struct itimerval timer = {.it_value = {s, (suseconds_t)((whole - (double)s) * 1e6)}};
	struct rlimit limit = {.rlim_cur = (rlim_t)s + 1, .rlim_max = (rlim_t)s + 2};

	setitimer(ITIMER_PROF, &timer, NULL);
	setrlimit(RLIMIT_CPU, &limit);
}

static void child_body(const struct runner_test *t)
{
	if (t->kit && t->kit->run)
		t->kit->run(t->fn);
	else
		t->fn();
}

_Noreturn void runner_child_run(const struct runner_test *t, struct runner_slot *slot)
{
	child_slot = slot;
	child_kit = t->kit;
	child_inline = false;
	child_panic_armed = 0;
	if (&raft_panic_hook)
		raft_panic_hook = child_on_panic;
	child_catch();
	atexit(child_on_exit);
	if (t->kit && t->kit->cpu_seconds > 0)
		child_limit_cpu(t->kit->cpu_seconds);
	if (t->kit && t->kit->confine)
		t->kit->confine();
	child_body(t);
	fflush(NULL);
	slot->done = slot->cookie;
	/* exit, not _exit: leak checkers do their work there. A kit's tests may leak. */
	if (t->kit)
		_exit(0);
	exit(0);
}

void runner_inline_run(const struct runner_test *t, struct runner_slot *slot)
{
	struct sigaction sa = {.sa_sigaction = child_on_signal, .sa_flags = SA_SIGINFO}, old;
	struct runner_slot *outer = child_slot;
	const struct runner_kit *outer_kit = child_kit;

	child_slot = slot;
	child_kit = t->kit;
	child_inline = true;
	child_panic_armed = 0;
	if (&raft_panic_hook)
		raft_panic_hook = child_on_panic;
	sigemptyset(&sa.sa_mask);
	sigaction(SIGABRT, &sa, &old);
	if (sigsetjmp(child_inline_jump, 1) == 0) {
		child_body(t);
		slot->done = slot->cookie;
	}
	sigaction(SIGABRT, &old, NULL);
	child_slot = outer;
	child_kit = outer_kit;
}
