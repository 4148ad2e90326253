/* SPDX-License-Identifier: Apache-2.0 */
#include "client/go_text.h"

#include <string.h>

#include "raft/rafttest/runner.h"

TEST(go_rune_takes_only_valid_utf8)
{
	static const struct {
		const char *s;
		size_t n;
		int32_t rune;
	} rows[] = {
		{"a", 1, 'a'},
		{"\xc3\xa9", 2, 0xe9},
		{"\xe4\xb8\xad", 3, 0x4e2d},
		{"\xf0\x9f\x98\x80", 4, 0x1f600},
		{"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
		{"\xf4\x90\x80\x80", 1, -1}, /* beyond the last */
		{"\xed\xa0\x80", 1, -1},     /* a surrogate */
		{"\xc0\x80", 1, -1},         /* longer than need be */
		{"\xe0\x9f\xbf", 1, -1},
		{"\x80", 1, -1},
		{"\xff", 1, -1},
		{"\xc3", 1, -1}, /* cut short */
		{"\xe4\xb8", 1, -1},
		{"\xc3(", 1, -1},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int32_t rune;

		EXPECT_EQ(rows[i].n, go_rune(rows[i].s, strlen(rows[i].s), &rune));
		EXPECT_EQ(rows[i].rune, rune);
	}
}

static const char *quote(struct pool *p, const char *s, size_t len)
{
	struct text t;

	text_init(&t, p);
	go_quote(&t, s, len);
	return t.data;
}

TEST(go_quote_escapes_as_percent_q)
{
	struct pool p;

	pool_init(&p);
	EXPECT_STR_EQ("\"\"", quote(&p, "", 0));
	EXPECT_STR_EQ("\"plain 'text' `here`\"", go_quoted(&p, "plain 'text' `here`"));
	EXPECT_STR_EQ("\"\\\"\\\\\"", go_quoted(&p, "\"\\"));
	EXPECT_STR_EQ("\"\\a\\b\\f\\n\\r\\t\\v\"", go_quoted(&p, "\a\b\f\n\r\t\v"));
	EXPECT_STR_EQ("\"\\x00\\x01\\x7f\"", quote(&p, "\0\1\x7f", 3));
	EXPECT_STR_EQ("\"\\xff\\xc3\"", go_quoted(&p, "\xff\xc3"));
	EXPECT_STR_EQ("\"\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80\"",
		go_quoted(&p, "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80"));
	/* no-break space, soft hyphen, line separator, private use, beyond the BMP */
	EXPECT_STR_EQ("\"\\u00a0\\u00ad\\u2028\\ue000\\U0010ffff\"",
		go_quoted(&p, "\xc2\xa0\xc2\xad\xe2\x80\xa8\xee\x80\x80\xf4\x8f\xbf\xbf"));
	EXPECT_STR_EQ("\"\\u0080\"", go_quoted(&p, "\xc2\x80"));
	pool_free(&p);
}

/* scan reads one quoted string and returns it with the rest, "text|rest", or
 * the complaint. */
static const char *scan(struct pool *p, const char *s)
{
	ProtobufCBinaryData b;
	const char *bad = go_scan_quoted(p, &s, &b);

	if (bad)
		return bad;
	return pool_printf(p, "%s|%s", quote(p, (char *)b.data, b.len), s);
}

TEST(go_scan_quoted_reads_what_sscanf_reads)
{
	struct pool p;

	pool_init(&p);
	EXPECT_STR_EQ("\"a b\"|)", scan(&p, " \t\"a b\")"));
	EXPECT_STR_EQ("\"a\\\\x41\"| x", scan(&p, "`a\\x41` x"));
	EXPECT_STR_EQ("\"AB\\x00C\\t\\\"\\\\\"|", scan(&p, "\"\\x41\\102\\x00C\\t\\\"\\\\\""));
	EXPECT_STR_EQ("\"\xc3\xa9\xe4\xb8\xad\"|", scan(&p, "\"\\u00e9\\U00004e2d\""));
	EXPECT_STR_EQ("\"\xef\xbf\xbd\\xff\"|", scan(&p, "\"\xff\\xff\""));
	EXPECT_STR_EQ("invalid syntax", scan(&p, "\"\\q\""));
	EXPECT_STR_EQ("invalid syntax", scan(&p, "\"\\'\""));
	EXPECT_STR_EQ("invalid syntax", scan(&p, "\"\\400\""));
	EXPECT_STR_EQ("invalid syntax", scan(&p, "\"\\ud800\""));
	EXPECT_STR_EQ("invalid syntax", scan(&p, "\"\\U00110000\""));
	EXPECT_STR_EQ("invalid syntax", scan(&p, "\"\\x4"));
	EXPECT_STR_EQ("invalid syntax", scan(&p, "\"\\"));
	EXPECT_STR_EQ("unexpected EOF", scan(&p, "\"abc"));
	EXPECT_STR_EQ("unexpected EOF", scan(&p, ""));
	EXPECT_STR_EQ("expected quoted string", scan(&p, "abc"));
	pool_free(&p);
}

TEST(go_parse_int_knows_bases_and_bounds)
{
	static const struct {
		const char *s;
		int base;
		const char *bad;
		int64_t value;
	} rows[] = {
		{"0", 0, NULL, 0},
		{"42", 10, NULL, 42},
		{"+7", 10, NULL, 7},
		{"-7", 10, NULL, -7},
		{"9223372036854775807", 10, NULL, INT64_MAX},
		{"-9223372036854775808", 10, NULL, INT64_MIN},
		{"9223372036854775808", 10, "value out of range", 0},
		{"-9223372036854775809", 10, "value out of range", 0},
		{"99999999999999999999999", 10, "value out of range", 0},
		{"7fffffffffffffff", 16, NULL, INT64_MAX},
		{"8000000000000000", 16, "value out of range", 0},
		{"0x1f", 0, NULL, 31},
		{"0X1F", 0, NULL, 31},
		{"0b101", 0, NULL, 5},
		{"0o17", 0, NULL, 15},
		{"017", 0, NULL, 15},
		{"1_000", 0, NULL, 1000},
		{"0x_ff", 0, NULL, 255},
		{"0_7", 0, NULL, 7},
		{"1_000", 10, "invalid syntax", 0},
		{"_1", 0, "invalid syntax", 0},
		{"1_", 0, "invalid syntax", 0},
		{"1__0", 0, "invalid syntax", 0},
		{"0x", 0, "invalid syntax", 0},
		{"08", 0, "invalid syntax", 0},
		{"0x1", 16, "invalid syntax", 0},
		{"", 10, "invalid syntax", 0},
		{"-", 10, "invalid syntax", 0},
		{" 1", 10, "invalid syntax", 0},
		{"1 ", 10, "invalid syntax", 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int64_t v = 0;
		const char *bad = go_parse_int(rows[i].s, rows[i].base, &v);

		EXPECT_STR_EQ(rows[i].bad, bad);
		EXPECT_EQ(rows[i].value, bad ? 0 : v);
	}
}

TEST(go_parse_duration_adds_units)
{
	static const struct {
		const char *s;
		int64_t ns;
	} good[] = {
		{"0", 0},
		{"5s", 5000000000},
		{"-5s", -5000000000},
		{"+1m", 60000000000},
		{"1h2m3s4ms5us6ns", 3723004005006},
		{"1.5s", 1500000000},
		{".5s", 500000000},
		{"1.s", 1000000000},
		{"3\xc2\xb5s", 3000},
		{"3\xce\xbcs", 3000},
	};
	struct pool p;
	int64_t ns;

	pool_init(&p);
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		EXPECT_STR_EQ(NULL, go_parse_duration(&p, good[i].s, &ns));
		EXPECT_EQ(good[i].ns, ns);
	}
	EXPECT_STR_EQ("time: invalid duration \"\"", go_parse_duration(&p, "", &ns));
	EXPECT_STR_EQ("time: invalid duration \"x\"", go_parse_duration(&p, "x", &ns));
	EXPECT_STR_EQ("time: invalid duration \".s\"", go_parse_duration(&p, ".s", &ns));
	EXPECT_STR_EQ("time: missing unit in duration \"5\"", go_parse_duration(&p, "5", &ns));
	EXPECT_STR_EQ(
		"time: unknown unit \"x\" in duration \"5x\"", go_parse_duration(&p, "5x", &ns));
	EXPECT_STR_EQ(
		"time: invalid duration \"9999999h\"", go_parse_duration(&p, "9999999h", &ns));
	pool_free(&p);
}

TEST(go_duration_drops_trailing_zeros)
{
	struct pool p;

	pool_init(&p);
	EXPECT_STR_EQ("0s", go_duration(&p, 0));
	EXPECT_STR_EQ("1ns", go_duration(&p, 1));
	EXPECT_STR_EQ("1.1\xc2\xb5s", go_duration(&p, 1100));
	EXPECT_STR_EQ("693.923\xc2\xb5s", go_duration(&p, 693923));
	EXPECT_STR_EQ("2.2ms", go_duration(&p, 2200000));
	EXPECT_STR_EQ("5.00057828s", go_duration(&p, 5000578280));
	EXPECT_STR_EQ("2s", go_duration(&p, 2000000000));
	EXPECT_STR_EQ("1m30s", go_duration(&p, 90000000000));
	EXPECT_STR_EQ("2h0m0.5s", go_duration(&p, 7200500000000));
	EXPECT_STR_EQ("-1.5s", go_duration(&p, -1500000000));
	EXPECT_STR_EQ("-2562047h47m16.854775808s", go_duration(&p, INT64_MIN));
	pool_free(&p);
}
