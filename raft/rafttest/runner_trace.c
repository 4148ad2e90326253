/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns addresses into functions and lines. Hidden and static functions are in
 * no dynamic symbol table, so backtrace_symbols() would only print numbers;
 * addr2line comes with every compiler and reads the debug information.
 */
#include "raft/rafttest/runner_internal.h"

#include <fcntl.h>
#include <link.h>
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

/* Starts addr2line on the frames; NULL if that is not possible. */
static FILE *trace_open(const struct runner_slot *slot, pid_t *pid)
{
	static char exe[4096];
	char addr[RUNNER_FRAMES][24];
	char *argv[RUNNER_FRAMES + 4] = {"addr2line", "-ifpe", exe};
	uintptr_t base = 0;
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	int fds[2];

	if (len <= 0 || pipe2(fds, O_CLOEXEC) != 0)
		return NULL;
	exe[len] = '\0';
	dl_iterate_phdr(trace_first_base, &base);
	for (int i = 0; i < slot->nframes; i++) {
		/* A return address may belong to the next line already. */
		snprintf(addr[i], sizeof(addr[i]), "%#lx",
			(unsigned long)((uintptr_t)slot->frames[i] - base - 1));
		argv[3 + i] = addr[i];
	}
	*pid = fork();
	if (*pid == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		dup2(null, 0);
		dup2(fds[1], 1);
		dup2(null, 2);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(fds[1]);
	if (*pid < 0) {
		close(fds[0]);
		return NULL;
	}
	return fdopen(fds[0], "r");
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
	pid_t pid;
	FILE *in;

	if (slot->nframes == 0 || !(in = trace_open(slot, &pid)))
		return;
	/* Lines look like "raft_step at /where/raft/raft.c:812 (discriminator 2)". */
	while (fgets(text, sizeof(text), in)) {
		char *at = strstr(text, " at "), *colon, *end;
		const char *inlined = " (inlined by) ", *func = text, *file;
		int line;

		if (!at || strncmp(text, "??", 2) == 0)
			continue;
		*at = '\0';
		if (strncmp(func, inlined, strlen(inlined)) == 0)
			func += strlen(inlined);
		colon = strrchr(at + 4, ':');
		if (!colon)
			continue;
		*colon = '\0';
		line = (int)strtol(colon + 1, &end, 10);
		file = trace_relative(at + 4);
		/* Below the test's body there is only the runner. */
		if (strcmp(func, "runner_child_run") == 0 || strcmp(func, "runner_inline_run") == 0)
			break;
		if (line <= 0 || strstr(file, "rafttest/runner_child.c"))
			continue;
		fprintf(out, "    in %s, %s:%d\n", func, file, line);
		if (used < size)
			used += (size_t)snprintf(places + used, size - used, "%s%s:%d",
				used ? " " : "", file, line);
		if (slot->line == 0) {
			snprintf(slot->file, sizeof(slot->file), "%s", file);
			slot->line = line;
		}
	}
	fclose(in);
	waitpid(pid, NULL, 0);
}
