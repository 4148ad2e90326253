/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns addresses into functions and lines. Hidden and static functions are in
 * no dynamic symbol table, so backtrace_symbols() would only print numbers;
 * addr2line comes with every compiler and reads the debug information.
 */
#include "raft/rafttest/runner_internal.h"

#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int trace_first_base(struct dl_phdr_info *info, size_t size, void *base)
{
	(void)size;
	*(uintptr_t *)base = info->dlpi_addr;
	return 1; /* the program itself comes first */
}

/* addr2line, kept running: reading the debug information takes longer than the rest. */
static struct {
	pid_t owner; /* who started it: a fork of that process has none */
	pid_t pid;
	int in, out; /* addresses, answers */
	size_t len;  /* of what was read and not looked at yet */
	char buf[8192];
} trace;

/* Where the program begins in memory. */
static uintptr_t trace_base(void)
{
	uintptr_t base = 0;

	dl_iterate_phdr(trace_first_base, &base);
	return base;
}

/* Starts addr2line, unless it runs. Returns: false if it cannot be had. */
static bool trace_start(void)
{
	static char exe[4096];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	int in[2], out[2];

	if (trace.owner == getpid())
		return true;
	if (len <= 0 || pipe2(in, O_CLOEXEC) != 0)
		return false;
	if (pipe2(out, O_CLOEXEC) != 0) {
		close(in[0]);
		close(in[1]);
		return false;
	}
	exe[len] = '\0';
	trace.pid = fork();
	if (trace.pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), 2);
		execlp("addr2line", "addr2line", "-aifpe", exe, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	trace.in = in[1];
	trace.out = out[0];
	trace.len = 0;
	trace.owner = trace.pid > 0 ? getpid() : 0;
	if (trace.owner)
		return true;
	close(trace.in);
	close(trace.out);
	return false;
}

void runner_trace_stop(void)
{
	if (trace.owner != getpid())
		return;
	trace.owner = 0;
	close(trace.in);
	close(trace.out);
	waitpid(trace.pid, NULL, 0);
}

/* Asks for all frames and, to know where the answers end, for address 0. */
static bool trace_ask(const struct runner_slot *slot)
{
	char text[RUNNER_FRAMES * 24 + 8];
	size_t len = 0;
	uintptr_t base = trace_base();
	struct sigaction ignore = {.sa_handler = SIG_IGN}, old;
	bool asked;

	/* A return address may belong to the next line already. */
	for (int i = 0; i < slot->nframes; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%#lx\n",
			(unsigned long)((uintptr_t)slot->frames[i] - base - 1));
	len += (size_t)snprintf(text + len, sizeof(text) - len, "0\n");
	sigaction(SIGPIPE, &ignore, &old); /* it may be gone */
	asked = write(trace.in, text, len) == (ssize_t)len;
	sigaction(SIGPIPE, &old, NULL);
	return asked;
}

/* Takes the next line of the answers. Returns: false at their end. */
static bool trace_line(char *line, size_t size)
{
	for (;;) {
		char *nl = memchr(trace.buf, '\n', trace.len);
		size_t used = nl ? (size_t)(nl - trace.buf) + 1 : 0;
		ssize_t n;

		if (nl) {
			snprintf(line, size, "%.*s", (int)used - 1, trace.buf);
			trace.len -= used;
			memmove(trace.buf, trace.buf + used, trace.len);
			return strncmp(line, "0x0000000000000000: ", 20) != 0;
		}
		if (trace.len == sizeof(trace.buf))
			trace.len = 0; /* a line that is too long to be one */
		n = read(trace.out, trace.buf + trace.len, sizeof(trace.buf) - trace.len);
		if (n <= 0) {
			runner_trace_stop();
			return false;
		}
		trace.len += (size_t)n;
	}
}

/* Makes paths below the current directory relative to it. */
static const char *trace_relative(const char *path)
{
	char cwd[4096];
	size_t n;

	if (!getcwd(cwd, sizeof(cwd)))
		return path;
	n = strlen(cwd);
	return strncmp(path, cwd, n) == 0 && path[n] == '/' ? path + n + 1 : path;
}

void runner_trace_print(FILE *out, struct runner_slot *slot, char *places, size_t size)
{
	char text[4096];
	size_t used = 0;
	bool below = false; /* the test's body: there is only the runner */

	if (slot->nframes == 0 || !trace_start() || !trace_ask(slot))
		return;
	/* Lines look like
	 *	0x0000000000001234: raft_step at /where/raft/raft.c:812 (discriminator 2)
	 *	 (inlined by) raft_tick_election at ... */
	while (trace_line(text, sizeof(text))) {
		const char *inlined = " (inlined by) ", *func = text, *file;
		char *at = strstr(text, " at "), *colon, *end;
		int line;

		if (!at || below)
			continue;
		*at = '\0';
		if (strncmp(func, inlined, strlen(inlined)) == 0)
			func += strlen(inlined);
		else if ((end = strstr(func, ": ")))
			func = end + 2;
		colon = strrchr(at + 4, ':');
		if (!colon || strncmp(func, "??", 2) == 0)
			continue;
		*colon = '\0';
		line = (int)strtol(colon + 1, &end, 10);
		file = trace_relative(at + 4);
		below = strcmp(func, "runner_child_run") == 0 ||
			strcmp(func, "runner_inline_run") == 0 || strcmp(func, "child_body") == 0;
		if (below || line <= 0 || strstr(file, "rafttest/runner_child.c"))
			continue;
		fprintf(out, "    in %s, %s:%d\n", func, file, line);
		if (used < size)
			used += (size_t)snprintf(
				places + used, size - used, "%s%s:%d", used ? " " : "", file, line);
		if (slot->line == 0) {
			snprintf(slot->file, sizeof(slot->file), "%s", file);
			slot->line = line;
		}
	}
}
