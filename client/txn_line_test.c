/* SPDX-License-Identifier: Apache-2.0 */
#include "client/txn_line.h"

#include <string.h>

#include "client/testing.h"
#include "raft/rafttest/runner.h"

/* words returns what a line is split into, or the complaint. */
static const char *words(struct fake *f, const char *line)
{
	const char **list;
	struct text t;
	size_t n;

	if (txn_line_words(&f->ctl, line, &list, &n) != CTL_OK) {
		fake_flush(f);
		return f->err;
	}
	text_init(&t, &f->pool);
	for (size_t i = 0; i < n; i++)
		text_printf(&t, "<%s>", list[i]);
	return t.data;
}

TEST(txn_line_words_are_split_and_unquoted)
{
	static const struct {
		const char *line;
		const char *want;
	} rows[] = {
		{"", ""},
		{"  \t ", ""},
		{"put a b", "<put><a><b>"},
		{"  put\ta   b ", "<put><a><b>"},
		{"put \"a b\" c", "<put><a b><c>"},
		{"put 'a b' 'long text'", "<put><a b><long text>"},
		{"put \"\\x41\\n\" '\\x41'", "<put><A\n><\\x41>"},
		{"put \"a\"b", "<put><a><b>"},
		{"put a\"b c\"", "<put><a\"b><c\">"},
		{"put it's", "<put><it's>"},
		{"put \"open end", "<put><open><end>"},
		{"put 'open end", "<put><open><end>"},
		{"\"\" ''", "<><>"},
		{"\"a\\\"b\"", "<a\"b>"},
		{"\"a\\", "<a\\>"},
		{"put \"\\q\"", "Error: invalid syntax\n"},
		{"put \"\\0\"", "Error: invalid syntax\n"},
		{"put \"\\x00\"", "Error: NUL in a quoted word\n"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct fake f;

		fake_open(&f);
		EXPECT_STR_EQ(rows[i].want, words(&f, rows[i].line));
		fake_close(&f);
	}
}

/* compare checks the comparison that a line makes: packed, and read back by
 * protobuf-c, it is the same. */
static void compare(const char *line, int target, int result, const char *key, int64_t number)
{
	Etcdserverpb__Compare *c;
	struct fake f;

	fake_open(&f);
	EXPECT_EQ(CTL_OK, txn_line_compare(&f.ctl, line, &c));
	EXPECT_EQ(target, c->target);
	EXPECT_EQ(result, c->result);
	EXPECT_EQ(strlen(key), c->key.len);
	EXPECT_MEM_EQ(key, c->key.data, c->key.len);
	if (target == ETCDSERVERPB__COMPARE__COMPARE_TARGET__VALUE)
		EXPECT_EQ(number, c->value.len);
	else
		EXPECT_EQ(number, c->version);
	EXPECT_EQ(target + 4, c->target_union_case); /* fields 4 to 8, in that order */
	fake_close(&f);
}

TEST(txn_line_compare_targets_and_operators)
{
	compare("ver(\"k\") = \"3\"", 0, 0, "k", 3);
	compare("version(\"k\") > \"-3\"", 0, 1, "k", -3);
	compare("c(\"k\") < \"3\"", 1, 2, "k", 3);
	compare("create(\"k\") != \"3\"", 1, 3, "k", 3);
	compare("m(\"k\") = \"3\"", 2, 0, "k", 3);
	compare("mod(`k k`) = `3`", 2, 0, "k k", 3);
	compare("val(\"\\x6b\") = \"four\"", 3, 0, "k", 4);
	compare("value(\"k\")  >\t\"\"", 3, 1, "k", 0);
	compare("lease(\"k\") = \"ff\"", 4, 0, "k", 255);
}

TEST(txn_line_compare_complaints)
{
	static const struct {
		const char *line;
		const char *want;
	} rows[] = {
		{"foo", "malformed comparison: foo"},
		{"ver(k) = \"1\"", "malformed comparison: ver(k) = \"1\"; got ver(\"\")  \"\""},
		{"ver(\"k\")=\"1\"",
			"malformed comparison: ver(\"k\")=\"1\"; got ver(\"k\")  \"\""},
		{"ver(\"k\") = 1", "malformed comparison: ver(\"k\") = 1; got ver(\"k\") = \"\""},
		{"v(\"k\") = \"1\"", "malformed comparison: v(\"k\") = \"1\" (unknown target v)"},
		{"ver(\"k\") ~ \"1\"",
			"malformed comparison: ver(\"k\") ~ \"1\" (unknown operator ~)"},
		{"ver(\"k\") = \"x\"", "invalid txn compare request: ver(\"k\") = \"x\""},
		{"ver(\"k\") = \"1\\x00\"", "invalid txn compare request: ver(\"k\") = \"1\\x00\""},
		{"lease(\"k\") = \"xy\"", "invalid txn compare request: lease(\"k\") = \"xy\""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		Etcdserverpb__Compare *c;
		struct fake f;

		fake_open(&f);
		EXPECT_EQ(CTL_INVALID_INPUT, txn_line_compare(&f.ctl, rows[i].line, &c));
		fake_flush(&f);
		EXPECT_STR_EQ(pool_printf(&f.pool, "Error: %s\n", rows[i].want), f.err);
		fake_close(&f);
	}
}

TEST(txn_line_requests)
{
	Etcdserverpb__RequestOp *op;
	struct fake f;

	fake_open(&f);
	EXPECT_EQ(CTL_OK, txn_line_request(&f.ctl, "get a --prefix --limit 3", &op));
	EXPECT_EQ(ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_RANGE, op->request_case);
	EXPECT_EQ(3, op->request_range->limit);
	EXPECT_MEM_EQ("b", op->request_range->range_end.data, 1);

	EXPECT_EQ(CTL_OK, txn_line_request(&f.ctl, "put k -- -v", &op));
	EXPECT_EQ(ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_PUT, op->request_case);
	EXPECT_MEM_EQ("-v", op->request_put->value.data, 2);

	/* the flags of one line are not those of the next */
	EXPECT_EQ(CTL_OK, txn_line_request(&f.ctl, "get a", &op));
	EXPECT_EQ(0, op->request_range->range_end.len);

	EXPECT_EQ(CTL_OK, txn_line_request(&f.ctl, "del a\xff\xff --prefix", &op));
	EXPECT_EQ(1, op->request_delete_range->range_end.len);
	EXPECT_MEM_EQ("b", op->request_delete_range->range_end.data, 1);
	EXPECT_EQ(CTL_OK, txn_line_request(&f.ctl, "d \xff\xff --prefix", &op));
	EXPECT_EQ(1, op->request_delete_range->range_end.len);
	EXPECT_MEM_EQ("", op->request_delete_range->range_end.data, 1);

	EXPECT_EQ(CTL_INVALID_INPUT, txn_line_request(&f.ctl, "put", &op));
	EXPECT_EQ(CTL_INVALID_INPUT, txn_line_request(&f.ctl, "foo bar", &op));
	EXPECT_EQ(CTL_INVALID_INPUT, txn_line_request(&f.ctl, "get --help", &op));
	EXPECT_EQ(CTL_INVALID_INPUT, txn_line_request(&f.ctl, "get a -w json", &op));
	EXPECT_EQ(CTL_BAD_ARGS, txn_line_request(&f.ctl, "put a", &op));
	EXPECT_EQ(CTL_BAD_FEATURE, txn_line_request(&f.ctl, "get a --order=x", &op));
	fake_close(&f);
}
