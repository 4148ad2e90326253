/* SPDX-License-Identifier: Apache-2.0 */
#include "server/json_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/util.h"

/* Makes room for n more bytes; returns how many of them fit. */
static size_t json_text_room(struct json_text *t, size_t n)
{
	if (t->cap - t->len >= n)
		return n;
	if (t->fixed)
		return t->cap - t->len;
	size_t cap = t->cap ? t->cap : 256;
	while (cap - t->len < n)
		cap *= 2;
	t->data = xrealloc(t->data, cap);
	t->cap = cap;
	return n;
}

void json_text_raw(struct json_text *t, const char *s, size_t len)
{
	len = json_text_room(t, len);
	if (len)
		memcpy(t->data + t->len, s, len);
	t->len += len;
}

void json_text_puts(struct json_text *t, const char *s)
{
	json_text_raw(t, s, strlen(s));
}

void json_text_putc(struct json_text *t, char c)
{
	json_text_raw(t, &c, 1);
}

/* The length of the UTF-8 sequence at s, at most len bytes; 0 if it is none.
 * Overlong forms, surrogates and what lies beyond U+10FFFF are none. */
static size_t utf8_sequence(const unsigned char *s, size_t len)
{
	size_t n = s[0] < 0x80   ? 1
		   : s[0] < 0xc2 ? 0
		   : s[0] < 0xe0 ? 2
		   : s[0] < 0xf0 ? 3
		   : s[0] < 0xf5 ? 4
				 : 0;
	if (n == 0 || n > len)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] >= 0xa0) ||
		(s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] >= 0x90))
		return 0;
	return n;
}

void json_text_escape(struct json_text *t, const char *str, size_t len)
{
	const unsigned char *s = (const unsigned char *)str;
	size_t i = 0, plain = 0;

	while (i < len) {
		size_t n = utf8_sequence(s + i, len - i);
		if (n > 1 || (n == 1 && s[i] >= 0x20 && s[i] != '"' && s[i] != '\\')) {
			i += n;
			continue;
		}
		json_text_raw(t, str + plain, i - plain);
		char esc[8];
		switch (n ? s[i] : 0x80) {
		case '"':
			json_text_puts(t, "\\\"");
			break;
		case '\\':
			json_text_puts(t, "\\\\");
			break;
		case '\n':
			json_text_puts(t, "\\n");
			break;
		case '\r':
			json_text_puts(t, "\\r");
			break;
		case '\t':
			json_text_puts(t, "\\t");
			break;
		case 0x80:
			json_text_puts(t, "\\ufffd");
			break;
		default:
			snprintf(esc, sizeof esc, "\\u%04x", s[i]);
			json_text_puts(t, esc);
		}
		plain = ++i;
	}
	json_text_raw(t, str + plain, len - plain);
}

void json_text_string(struct json_text *t, const char *s, size_t len)
{
	json_text_putc(t, '"');
	json_text_escape(t, s, len);
	json_text_putc(t, '"');
}

void json_text_u64(struct json_text *t, uint64_t v)
{
	char digits[24];
	json_text_raw(t, digits, (size_t)snprintf(digits, sizeof digits, "%" PRIu64, v));
}

void json_text_i64(struct json_text *t, int64_t v)
{
	char digits[24];
	json_text_raw(t, digits, (size_t)snprintf(digits, sizeof digits, "%" PRId64, v));
}

void json_text_base64(struct json_text *t, const uint8_t *s, size_t len)
{
	static const char abc[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	json_text_putc(t, '"');
	for (size_t i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		uint32_t v = (uint32_t)s[i] << 16 | (n > 1 ? (uint32_t)s[i + 1] << 8 : 0) |
			     (n > 2 ? s[i + 2] : 0);
		char quad[4] = {abc[v >> 18], abc[v >> 12 & 63], n > 1 ? abc[v >> 6 & 63] : '=',
			n > 2 ? abc[v & 63] : '='};
		json_text_raw(t, quad, 4);
	}
	json_text_putc(t, '"');
}

void json_text_free(struct json_text *t)
{
	if (!t->fixed)
		free(t->data);
	*t = (struct json_text){0};
}
