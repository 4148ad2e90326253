/* SPDX-License-Identifier: Apache-2.0 */
#include "server/json_text.h"

#include <string.h>

#include "raft/rafttest/runner.h"

static const char *text_of(struct json_text *t)
{
	json_text_putc(t, 0);
	return t->data;
}

#define EXPECT_STRING(want, bytes, len)                                                            \
	do {                                                                                       \
		struct json_text t_ = {0};                                                         \
		json_text_string(&t_, bytes, len);                                                 \
		EXPECT_STR_EQ(want, text_of(&t_));                                                 \
		json_text_free(&t_);                                                               \
	} while (0)

TEST(json_text_escapes)
{
	EXPECT_STRING("\"\"", "", 0);
	EXPECT_STRING("\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u0000\"", "a\"b\\c\n\r\t\1\0", 10);
	EXPECT_STRING("\"\xc3\xa4 \xe4\xb8\xad \xf0\x9f\x98\x80\"",
		"\xc3\xa4 \xe4\xb8\xad \xf0\x9f\x98\x80", 11);
}

/* What is no UTF-8 becomes U+FFFD, byte by byte, as in Go. */
TEST(json_text_replaces_invalid_utf8)
{
	EXPECT_STRING("\"\\ufffd\"", "\xff", 1);
	EXPECT_STRING("\"a\\ufffdb\"",
		"a\xc3"
		"b",
		3);
	EXPECT_STRING("\"\\ufffd\\ufffd\"", "\xc0\x80", 2);            /* overlong */
	EXPECT_STRING("\"\\ufffd\\ufffd\\ufffd\"", "\xed\xa0\x80", 3); /* a surrogate */
	EXPECT_STRING("\"\\ufffd\\ufffd\\ufffd\\ufffd\"", "\xf4\x90\x80\x80", 4);
	EXPECT_STRING("\"\\ufffd\\ufffd\"", "\xe4\xb8", 2); /* cut off */
}

TEST(json_text_base64_of_rfc4648)
{
	static const char *const cases[][2] = {{"", "\"\""}, {"f", "\"Zg==\""}, {"fo", "\"Zm8=\""},
		{"foo", "\"Zm9v\""}, {"foob", "\"Zm9vYg==\""}, {"fooba", "\"Zm9vYmE=\""},
		{"foobar", "\"Zm9vYmFy\""}};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct json_text t = {0};
		json_text_base64(&t, (const uint8_t *)cases[i][0], strlen(cases[i][0]));
		EXPECT_STR_EQ(cases[i][1], text_of(&t));
		json_text_free(&t);
	}
}

TEST(json_text_fixed_buffer_is_never_left)
{
	char buf[9] = "........";
	struct json_text t = {.data = buf, .cap = 4, .fixed = true};

	json_text_string(&t, "\n\n\n", 3);
	EXPECT_EQ(4, t.len);
	EXPECT_MEM_EQ("\"\\n\\....", buf, 8);
}
