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
#include <ucontext.h>
#include <unistd.h>

/* The runner serves programs with and without libraft and the sanitizers. */
extern void (*raft_panic_hook)(const char *msg) __attribute__((weak));
extern void __lsan_disable(void) __attribute__((weak));
extern void __lsan_enable(void) __attribute__((weak));
extern void __sanitizer_set_death_callback(void (*fn)(void)) __attribute__((weak));

static struct runner_slot *child_slot;
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

void runner_expect_mem_eq(const char *file, int line, const char *what, const void *want,
	const void *got, size_t len)
{
	char w[64], g[64];
	size_t at = 0;

	if (len == 0 || memcmp(want, got, len) == 0)
		return;
	while (((const unsigned char *)want)[at] == ((const unsigned char *)got)[at])
		at++;
	child_hex(w, sizeof(w), want, at, len);
	child_hex(g, sizeof(g), got, at, len);
	runner_fail(file, line, "%s: differs from byte %zu of %zu on:\n  want%s\n  got %s", what, at,
		len, w, g);
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
	if (child_note(RUNNER_PANIC, msg))
		child_backtrace();
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

static void child_on_signal(int sig, siginfo_t *info, void *context)
{
	(void)info;
	if (sig == SIGABRT && child_panic_armed)
		siglongjmp(child_panic_jump, 1);
	if (sig == RUNNER_DEADLINE_SIGNAL) {
		if (child_note(RUNNER_TIMEOUT, "did not come to an end in time"))
			child_backtrace_from(context);
		_exit(1);
	}
	if (child_note(RUNNER_CRASH, strsignal(sig)))
		child_backtrace_from(context);
	signal(sig, SIG_DFL);
	raise(sig);
}

/* A sanitizer has found something and is about to end us. After the body it
 * can only be the leak checker. */
static void child_on_sanitizer(void)
{
	struct runner_slot *s = child_slot;

	if (s->done == s->cookie)
		child_note(RUNNER_LEAK, "memory is leaked; see the output");
	else if (child_note(RUNNER_CRASH, "stopped by the sanitizer; see the output"))
		child_backtrace();
}

/* exit() calls us on the stack of whoever called it. */
static void child_on_exit(void)
{
	struct runner_slot *s = child_slot;

	if (s && s->done != s->cookie &&
		child_note(RUNNER_EXIT, "exit() was called before the test was over"))
		child_backtrace();
}

static void child_catch(void)
{
	/* A handler stack of its own: the crash may be an endless recursion. */
	static const size_t size = 1 << 17;
	stack_t ss = {.ss_size = size};
	struct sigaction sa = {.sa_sigaction = child_on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};

	ss.ss_sp = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (ss.ss_sp != MAP_FAILED)
		sigaltstack(&ss, NULL);
	sigemptyset(&sa.sa_mask);
	sigaction(RUNNER_DEADLINE_SIGNAL, &sa, NULL);
	sigaction(SIGABRT, &sa, NULL);
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

_Noreturn void runner_child_run(const struct runner_test *t, struct runner_slot *slot)
{
	child_slot = slot;
	child_inline = false;
	child_panic_armed = 0;
	if (&raft_panic_hook)
		raft_panic_hook = child_on_panic;
	child_catch();
	atexit(child_on_exit);
	t->fn();
	fflush(NULL);
	slot->done = slot->cookie;
	/* exit, not _exit: leak checkers do their work there. */
	exit(0);
}

void runner_inline_run(const struct runner_test *t, struct runner_slot *slot)
{
	struct sigaction sa = {.sa_sigaction = child_on_signal, .sa_flags = SA_SIGINFO}, old;
	struct runner_slot *outer = child_slot;

	child_slot = slot;
	child_inline = true;
	child_panic_armed = 0;
	if (&raft_panic_hook)
		raft_panic_hook = child_on_panic;
	sigemptyset(&sa.sa_mask);
	sigaction(SIGABRT, &sa, &old);
	if (sigsetjmp(child_inline_jump, 1) == 0) {
		t->fn();
		slot->done = slot->cookie;
	}
	sigaction(SIGABRT, &old, NULL);
	child_slot = outer;
}
