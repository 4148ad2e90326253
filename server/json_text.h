/* SPDX-License-Identifier: Apache-2.0 */
/* json_text: writes JSON into a growing (or a fixed) buffer.
 *
 * Reading JSON is jansson's work. Writing is done here, because the two places
 * that write most must not build a tree first: a log line may come from a
 * thread that is about to abort, and each gateway answer is on the path of a
 * request. Bytes that are not UTF-8 become U+FFFD, as Go's encoder does; so
 * whatever a client sent, the output is valid JSON. */
#ifndef SERVER_JSON_TEXT_H
#define SERVER_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_text {
	char *data;
	size_t len;
	size_t cap;
	/* Set: data is the caller's and never grows; what does not fit is cut off. */
	bool fixed;
};

/* json_text_raw appends len bytes as they are. */
void json_text_raw(struct json_text *t, const char *s, size_t len);
/* json_text_puts appends a C string as it is. */
void json_text_puts(struct json_text *t, const char *s);
void json_text_putc(struct json_text *t, char c);
/* json_text_string appends s[0..len) as a JSON string, quotes included. */
void json_text_string(struct json_text *t, const char *s, size_t len);
/* json_text_escape is json_text_string without the quotes. */
void json_text_escape(struct json_text *t, const char *s, size_t len);
void json_text_u64(struct json_text *t, uint64_t v);
void json_text_i64(struct json_text *t, int64_t v);
/* json_text_base64 appends a string holding s[0..len) in base64 (RFC 4648,
 * padded), quotes included. */
void json_text_base64(struct json_text *t, const uint8_t *s, size_t len);
/* json_text_free releases the buffer of a text that is not fixed. */
void json_text_free(struct json_text *t);

#endif
