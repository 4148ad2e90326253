/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A text that grows: what fmt.Fprintf(&buf, ...) is to the original.
 */
#ifndef RAFT_STRBUF_H
#define RAFT_STRBUF_H

#include <stddef.h>

/* All zeros is an empty text. s is NUL-terminated once anything was added. */
struct strbuf {
	char *s;
	size_t len, cap;
};

__attribute__((format(printf, 2, 3))) void strbuf_printf(struct strbuf *b, const char *fmt, ...);
void strbuf_puts(struct strbuf *b, const char *s);
void strbuf_putc(struct strbuf *b, char c);

/* strbuf_quote writes len bytes as Go's %q does: in double quotes, escaped. */
void strbuf_quote(struct strbuf *b, const void *data, size_t len);

/* strbuf_take gives the text to the caller, who frees it; never NULL. */
char *strbuf_take(struct strbuf *b);
void strbuf_free(struct strbuf *b);

#endif
