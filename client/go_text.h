/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How Go reads and writes text. etcdctl's input and output are what Go's
 * library makes of them (strconv, fmt, time, unicode/utf8), down to the words
 * of its errors; these are the parts of it that show.
 */
#ifndef CLIENT_GO_TEXT_H
#define CLIENT_GO_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/util.h"

/* go_rune decodes one UTF-8 sequence from the len > 0 bytes at s.
 * Returns: how many bytes it took; an invalid byte is 1 byte and *rune is
 * -1 (utf8.DecodeRune). */
size_t go_rune(const char *s, size_t len, int32_t *rune);

/* go_rune_width returns how many columns a character takes on a screen: 0, 1, 2. */
size_t go_rune_width(int32_t rune);

/* go_put_rune appends rune to t in UTF-8. */
void go_put_rune(struct text *t, int32_t rune);

/* go_quote appends the bytes in double quotes, with escapes, as %q does. */
void go_quote(struct text *t, const void *data, size_t len);

/* go_quoted returns the C string s as %q prints it. */
const char *go_quoted(struct pool *p, const char *s);

/* go_scan_quoted reads one quoted string at *s, as fmt.Sscanf's %q does: white
 * space is skipped, "..." has escapes, `...` has none, and bytes that are not
 * UTF-8 turn into U+FFFD. *s is moved behind it.
 * Returns: NULL, or what is wrong; then *out is empty and *s unchanged. */
const char *go_scan_quoted(struct pool *p, const char **s, ProtobufCBinaryData *out);

/* go_parse_int is strconv.ParseInt(s, base, 64) for base 0, 10 or 16.
 * Returns: NULL, or "invalid syntax" or "value out of range". */
const char *go_parse_int(const char *s, int base, int64_t *out);

/* go_parse_bool is strconv.ParseBool. Returns: NULL or "invalid syntax". */
const char *go_parse_bool(const char *s, bool *out);

/* go_parse_duration is time.ParseDuration; nanoseconds. Returns: NULL, or the
 * text of the error. */
const char *go_parse_duration(struct pool *p, const char *s, int64_t *out);

/* go_duration prints nanoseconds as time.Duration.String does: 1.5ms, 1m0s. */
const char *go_duration(struct pool *p, int64_t ns);

#endif
