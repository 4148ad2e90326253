/* SPDX-License-Identifier: Apache-2.0 */
#include "raft/strbuf.h"
#include "raft/rafttest/raft_testing.h"

#include <stdlib.h>
#include <string.h>

TEST(strbuf_grows)
{
	struct strbuf b = {0};
	char want[6 * 1000 + 1] = "";

	for (int i = 0; i < 1000; i++) {
		strbuf_printf(&b, "%d", i % 10);
		strbuf_putc(&b, ' ');
		strbuf_puts(&b, "ab");
		strbuf_puts(&b, "");
		snprintf(want + 4 * i, 5, "%d ab", i % 10);
		EXPECT_EQ(4 * (i + 1), b.len);
	}
	EXPECT_STR_EQ(want, b.s);
	strbuf_free(&b);
}

/* One text that is longer than all the room there is, and one that just fits. */
TEST(strbuf_printf_at_the_edge)
{
	struct strbuf b = {0};

	strbuf_printf(&b, "%0200d", 7);
	EXPECT_EQ(200, b.len);
	EXPECT_EQ('7', b.s[199]);
	do
		strbuf_putc(&b, '.');
	while (b.len < b.cap - 1);
	strbuf_printf(&b, "x");
	EXPECT_STR_EQ(".x", b.s + b.len - 2);
	strbuf_free(&b);
}

TEST(strbuf_take)
{
	struct strbuf b = {0};
	char *s = strbuf_take(&b);

	EXPECT_STR_EQ("", s);
	free(s);
	strbuf_puts(&b, "text");
	s = strbuf_take(&b);
	EXPECT_STR_EQ("text", s);
	EXPECT_EQ(0, b.len);
	EXPECT_EQ(NULL, b.s);
	free(s);
}

/* What Go's strconv.Quote says of the same bytes. */
TEST(strbuf_quote)
{
#define BYTES(s) s, sizeof(s) - 1
	static const struct {
		const char *name, *data;
		size_t len;
		const char *want;
	} tests[] = {
		{"nothing", BYTES(""), "\"\""},
		{"text", BYTES("foo bar"), "\"foo bar\""},
		{"quote and backslash", BYTES("a\"b\\c'd"), "\"a\\\"b\\\\c'd\""},
		{"control characters with a letter", BYTES("\a\b\f\n\r\t\v"),
			"\"\\a\\b\\f\\n\\r\\t\\v\""},
		{"other control characters", BYTES("\0\1\x1f\x7f"), "\"\\x00\\x01\\x1f\\x7f\""},
		{"UTF-8 that can be printed", BYTES("é∞中文😀"), "\"é∞中文😀\""},
		{"the replacement character itself", BYTES("\xef\xbf\xbd"), "\"\xef\xbf\xbd\""},
		{"a soft hyphen, a no-break space", BYTES("\xc2\xad\xc2\xa0"),
			"\"\\u00ad\\u00a0\""},
		{"a C1 control character", BYTES("\xc2\x80"), "\"\\u0080\""},
		{"line separator, BOM", BYTES("\xe2\x80\xa8\xef\xbb\xbf"), "\"\\u2028\\ufeff\""},
		{"unassigned", BYTES("\xcd\xb8"), "\"\\u0378\""},
		{"private use, beyond 16 bits", BYTES("\xf3\xb0\x80\x80"), "\"\\U000f0000\""},
		{"the last character", BYTES("\xf4\x8f\xbf\xbf"), "\"\\U0010ffff\""},
		{"beyond it", BYTES("\xf4\x90\x80\x80"), "\"\\xf4\\x90\\x80\\x80\""},
		{"bytes that never occur", BYTES("\xfe\xff\xc0\xc1"), "\"\\xfe\\xff\\xc0\\xc1\""},
		{"a continuation alone", BYTES("a\x80z"), "\"a\\x80z\""},
		{"cut off", BYTES("\xe4\xb8"), "\"\\xe4\\xb8\""},
		{"cut off by another character", BYTES("\xe4\xb8xyz"), "\"\\xe4\\xb8xyz\""},
		{"overlong", BYTES("\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf"),
			"\"\\xc0\\xaf\\xe0\\x80\\xaf\\xf0\\x80\\x80\\xaf\""},
		{"a surrogate", BYTES("\xed\xa0\x80"), "\"\\xed\\xa0\\x80\""},
	};
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("%s", tests[i].name);
		struct strbuf b = {0};
		strbuf_quote(&b, tests[i].data, tests[i].len);
		EXPECT_STR_EQ(tests[i].want, b.s);
		strbuf_free(&b);
	}
}

TEST(strbuf_quote_null)
{
	struct strbuf b = {0};
	strbuf_quote(&b, NULL, 0);
	EXPECT_STR_EQ("\"\"", b.s);
	strbuf_free(&b);
}
