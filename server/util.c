/* SPDX-License-Identifier: Apache-2.0 */
#include "server/util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static _Noreturn void out_of_memory(size_t size)
{
	fprintf(stderr, "out of memory (allocating %zu bytes)\n", size);
	abort();
}

static size_t checked_product(size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		out_of_memory(SIZE_MAX);
	return total;
}

void *xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		out_of_memory(size);
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	size_t total = checked_product(n, size);
	void *p = calloc(1, total ? total : 1);

	if (!p)
		out_of_memory(total);
	return p;
}

void *xrealloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		out_of_memory(size);
	return p;
}

void *xreallocarray(void *p, size_t n, size_t size)
{
	return xrealloc(p, checked_product(n, size));
}

void *xmemdup(const void *p, size_t len)
{
	char *copy = xmalloc(len + 1);

	if (len)
		memcpy(copy, p, len);
	copy[len] = '\0';
	return copy;
}

char *xstrdup(const char *s)
{
	return xmemdup(s, strlen(s));
}

char *xasprintf(const char *fmt, ...)
{
	struct xbuf sb = {0};
	va_list ap;

	va_start(ap, fmt);
	xbuf_vprintf(&sb, fmt, ap);
	va_end(ap);
	return xbuf_detach(&sb, NULL);
}

char *xbuf_reserve(struct xbuf *sb, size_t extra)
{
	size_t need = sb->len + extra + 1;

	if (need > sb->cap) {
		size_t cap = sb->cap + sb->cap / 2;

		if (cap < need)
			cap = need < 64 ? 64 : need;
		sb->data = xrealloc(sb->data, cap);
		sb->cap = cap;
	}
	return sb->data + sb->len;
}

void xbuf_append(struct xbuf *sb, const void *data, size_t len)
{
	char *to = xbuf_reserve(sb, len);

	if (len)
		memcpy(to, data, len);
	to[len] = '\0';
	sb->len += len;
}

void xbuf_puts(struct xbuf *sb, const char *s)
{
	xbuf_append(sb, s, strlen(s));
}

void xbuf_putc(struct xbuf *sb, char c)
{
	xbuf_append(sb, &c, 1);
}

void xbuf_printf(struct xbuf *sb, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	xbuf_vprintf(sb, fmt, ap);
	va_end(ap);
}

void xbuf_vprintf(struct xbuf *sb, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	xbuf_reserve(sb, 80);
	va_copy(again, ap);
	n = vsnprintf(sb->data + sb->len, sb->cap - sb->len, fmt, ap);
	if (n >= 0 && (size_t)n >= sb->cap - sb->len) {
		xbuf_reserve(sb, (size_t)n);
		vsnprintf(sb->data + sb->len, sb->cap - sb->len, fmt, again);
	}
	va_end(again);
	if (n > 0)
		sb->len += (size_t)n;
}

void xbuf_clear(struct xbuf *sb)
{
	sb->len = 0;
	if (sb->data)
		sb->data[0] = '\0';
}

char *xbuf_detach(struct xbuf *sb, size_t *len)
{
	char *data;

	xbuf_reserve(sb, 0)[0] = '\0';
	data = sb->data;
	if (len)
		*len = sb->len;
	*sb = (struct xbuf){0};
	return data;
}

void xbuf_free(struct xbuf *sb)
{
	free(sb->data);
	*sb = (struct xbuf){0};
}

static uint64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

uint64_t util_mono_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t util_real_ns(void)
{
	return read_clock(CLOCK_REALTIME);
}
