/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A text that grows. It doubles, so that building one costs what its length
 * says; strbuf_quote() is in strbuf_quote.c.
 */
#include "raft/strbuf.h"
#include "raft/raft_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* strbuf_reserve makes room for n more characters and the NUL. */
static void strbuf_reserve(struct strbuf *b, size_t n)
{
	size_t want = b->len + n + 1;
	if (want <= b->cap)
		return;
	size_t cap = RAFT_MAX(b->cap * 2, (size_t)64);
	b->cap = RAFT_MAX(cap, want);
	b->s = raft_realloc(b->s, b->cap);
}

void strbuf_printf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	size_t room = b->cap - b->len;
	int n = vsnprintf(room ? b->s + b->len : NULL, room, fmt, ap);
	if (n >= 0 && (size_t)n >= room) {
		strbuf_reserve(b, (size_t)n);
		vsnprintf(b->s + b->len, (size_t)n + 1, fmt, again);
	}
	va_end(again);
	va_end(ap);
	if (n > 0)
		b->len += (size_t)n;
}

void strbuf_puts(struct strbuf *b, const char *s)
{
	size_t n = strlen(s);
	strbuf_reserve(b, n);
	memcpy(b->s + b->len, s, n + 1);
	b->len += n;
}

void strbuf_putc(struct strbuf *b, char c)
{
	strbuf_reserve(b, 1);
	b->s[b->len++] = c;
	b->s[b->len] = '\0';
}

char *strbuf_take(struct strbuf *b)
{
	strbuf_reserve(b, 0);
	b->s[b->len] = '\0';
	char *s = b->s;
	*b = (struct strbuf){0};
	return s;
}

void strbuf_free(struct strbuf *b)
{
	free(b->s);
	*b = (struct strbuf){0};
}
