/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory, log lines and the one way to stop: what the rest of raft/ stands on.
 */
#include "raft/raft_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Memory ------------------------------------------------------------- */

/* There are no out-of-memory paths through the algorithm: a node that cannot
 * remember what it has promised must not go on, and stopping is always safe. */
static _Noreturn void raft_out_of_memory(size_t size)
{
	fprintf(stderr, "raft: out of memory allocating %zu bytes\n", size);
	abort();
}

void *raft_malloc(size_t size)
{
	void *p = malloc(size ? size : 1);
	if (!p)
		raft_out_of_memory(size);
	return p;
}

void *raft_calloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);
	if (!p)
		raft_out_of_memory(n * size);
	return p;
}

void *raft_realloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		raft_out_of_memory(size);
	return p;
}

void *raft_grow_more(void *v, uint32_t *cap, size_t want, size_t size)
{
	if (want > UINT32_MAX / 2)
		raft_out_of_memory(want * size);
	size_t n = *cap ? *cap : 1;
	while (n < want)
		n *= 2;
	*cap = (uint32_t)n;
	return raft_realloc(v, n * size);
}

/* ---- Saying ------------------------------------------------------------- */

static void raft_log_to_stderr(
	struct raft_logger *logger, enum raft_log_level level, const char *msg)
{
	static const char *const names[] = {"DEBUG", "INFO", "WARN", "ERROR", "PANIC"};
	(void)logger;
	fprintf(stderr, "raft %s: %s\n", names[level], msg);
}

struct raft_logger raft_default_logger = {
	.level = RAFT_LOG_INFO,
	.log = raft_log_to_stderr,
};

void raft_logf(struct raft_logger *logger, enum raft_log_level level, const char *fmt, ...)
{
	/* Lines are short; one that names many members may be longer. */
	char line[512], *msg = line;
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	int len = vsnprintf(line, sizeof(line), fmt, ap);
	if (len >= (int)sizeof(line)) {
		msg = raft_malloc((size_t)len + 1);
		vsnprintf(msg, (size_t)len + 1, fmt, again);
	}
	va_end(again);
	va_end(ap);

	logger->log(logger, level, msg);
	if (msg != line)
		free(msg);
}

/* ---- Stopping ----------------------------------------------------------- */

void (*raft_panic_hook)(const char *msg);

void raft_panicf(struct raft_logger *logger, const char *fmt, ...)
{
	/* Static, because a hook that longjmps away could not free it. */
	static char msg[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);

	if (!logger)
		logger = &raft_default_logger;
	if (logger->level <= RAFT_LOG_PANIC)
		logger->log(logger, RAFT_LOG_PANIC, msg);
	if (raft_panic_hook)
		raft_panic_hook(msg);
	abort();
}

/* ---- Names -------------------------------------------------------------- */

const char *raft_strerror(enum raft_error err)
{
	static const char *const texts[] = {
#define X(name, text) [name] = text,
		RAFT_ERRORS(X)
#undef X
	};
	if ((size_t)err >= sizeof(texts) / sizeof(texts[0]))
		return "unknown raft error";
	return texts[err];
}

const char *raft_state_name(enum raft_state state)
{
	static const char *const names[] = {
#define X(name, text) [name] = text,
		RAFT_STATES(X)
#undef X
	};
	return names[state];
}
