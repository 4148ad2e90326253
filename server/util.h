/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_UTIL_H
#define SERVER_UTIL_H

/*
 * What every file of the server leans on: memory that never fails, a string
 * that grows, and the two clocks.
 *
 * Out of memory is not an error that callers handle. These functions report
 * it on stderr and abort, which keeps a whole class of half-tested paths out
 * of the server; the WAL makes the crash harmless.
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* xmalloc returns size bytes that the caller frees with free(). Never NULL,
 * also for size 0. */
void *xmalloc(size_t size);

/* xcalloc returns n * size zeroed bytes; the product is checked. */
void *xcalloc(size_t n, size_t size);

/* xrealloc is realloc() that does not fail. */
void *xrealloc(void *p, size_t size);

/* xreallocarray is xrealloc() of n * size bytes; the product is checked. */
void *xreallocarray(void *p, size_t n, size_t size);

/* xmemdup copies len bytes and puts a NUL behind them, so that what is text
 * can be printed. */
void *xmemdup(const void *p, size_t len);

char *xstrdup(const char *s);

/* xasprintf returns the formatted text; the caller frees it. */
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A growing byte string. data is always NUL-terminated once anything was
 * appended (the NUL is not counted by len). A zeroed struct is an empty one. */
struct xbuf {
	char *data;
	size_t len;
	size_t cap;
};

/* xbuf_reserve makes room for extra more bytes behind len (and a NUL).
 * Returns: where they go; the caller adds to len what it wrote. */
char *xbuf_reserve(struct xbuf *sb, size_t extra);

void xbuf_append(struct xbuf *sb, const void *data, size_t len);
void xbuf_puts(struct xbuf *sb, const char *s);
void xbuf_putc(struct xbuf *sb, char c);
void xbuf_printf(struct xbuf *sb, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void xbuf_vprintf(struct xbuf *sb, const char *fmt, va_list ap);

/* xbuf_clear empties the string and keeps its memory. */
void xbuf_clear(struct xbuf *sb);

/* xbuf_detach hands the bytes to the caller, who frees them, and leaves an
 * empty string. Returns: never NULL; len (may be NULL) gets the length. */
char *xbuf_detach(struct xbuf *sb, size_t *len);

void xbuf_free(struct xbuf *sb);

/* util_mono_ns is the monotonic clock in nanoseconds: for measuring and for
 * deadlines. util_real_ns is the time of day since 1970 in nanoseconds. */
uint64_t util_mono_ns(void);
uint64_t util_real_ns(void);

#endif
