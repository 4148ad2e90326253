/* SPDX-License-Identifier: Apache-2.0 */
/* The original: util_test.go. */
#include "raft/rafttest/log_testing.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static char *upper_formatter(const void *data, size_t len)
{
	char *s = raft_malloc(len + 1);

	for (size_t i = 0; i < len; i++)
		s[i] = (char)toupper(((const char *)data)[i]);
	s[len] = '\0';
	return s;
}

TEST(describe_entry)
{
	struct raft_entry e = {.term = 1, .index = 2, .data = "hello\0world", .len = 11};
	char *quoted = raft_describe_entry(&e, NULL);

	EXPECT_STR_EQ("1/2 EntryNormal \"hello\\x00world\"", quoted);
	free(quoted);

	/* Here a formatter's text ends at a NUL. */
	e.len = 5;
	char *formatted = raft_describe_entry(&e, upper_formatter);
	EXPECT_STR_EQ("1/2 EntryNormal HELLO", formatted);
	free(formatted);
}

TEST(limit_size)
{
	const struct raft_entries *ents = index_terms(4, 4, 5, 6);
	const uint64_t two = raft_ents_size(ents->v, 2), three = raft_ents_size(ents->v, 3);
	const struct {
		uint64_t max_size;
		size_t want;
	} tests[] = {
		{RAFT_NO_LIMIT, 3},
		{0, 1}, /* the first one always */
		{two, 2},
		{two + (three - two) / 2, 2},
		{three - 1, 2},
		{three, 3},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		size_t got = raft_limit_size(ents->v, ents->len, tests[i].max_size);

		EXPECT_EQ(tests[i].want, got);
		EXPECT(got == 1 || raft_ents_size(ents->v, got) <= tests[i].max_size);
	}
	EXPECT_EQ(0, raft_limit_size(NULL, 0, 0));
}

TEST(is_local_msg)
{
	static const enum raft_message_type local[] = {
		MSG_HUP,
		MSG_BEAT,
		MSG_UNREACHABLE,
		MSG_SNAP_STATUS,
		MSG_CHECK_QUORUM,
		MSG_STORAGE_APPEND,
		MSG_STORAGE_APPEND_RESP,
		MSG_STORAGE_APPLY,
		MSG_STORAGE_APPLY_RESP,
	};

	for (enum raft_message_type t = MSG_HUP; t <= MSG_FORGET_LEADER; t++) {
		TEST_CASE("%s", raft_message_type_name(t));
		bool want = false;

		for (size_t i = 0; i < ARRAY_LEN(local); i++)
			want = want || local[i] == t;
		EXPECT_EQ(want, raft_is_local_msg(t));
	}
}

TEST(is_response_msg)
{
	static const enum raft_message_type response[] = {
		MSG_APP_RESP,
		MSG_VOTE_RESP,
		MSG_HEARTBEAT_RESP,
		MSG_UNREACHABLE,
		MSG_READ_INDEX_RESP,
		MSG_PRE_VOTE_RESP,
		MSG_STORAGE_APPEND_RESP,
		MSG_STORAGE_APPLY_RESP,
	};

	for (enum raft_message_type t = MSG_HUP; t <= MSG_FORGET_LEADER; t++) {
		TEST_CASE("%s", raft_message_type_name(t));
		bool want = false;

		for (size_t i = 0; i < ARRAY_LEN(response); i++)
			want = want || response[i] == t;
		EXPECT_EQ(want, raft_is_response_msg(t));
	}
}

/* A new leader's empty entry must not count against the quota of uncommitted
 * payload. */
TEST(payload_size_of_empty_entry)
{
	struct raft_entry e = {.data = NULL};

	EXPECT_EQ(0, raft_payloads_size(&e, 1));
	e = (struct raft_entry){.data = "four", .len = 4, .term = 9, .index = 9};
	EXPECT_EQ(4, raft_payloads_size(&e, 1));
}

/* ---- Not the original's ------------------------------------------------- */

/* The sizes that protobuf gives an entry, which every limit counts: a varint gets
 * longer at each power of 128. */
TEST(entry_size)
{
	static const struct {
		raft_term term;
		uint32_t len;
		bool nil;
		uint64_t want;
	} tests[] = {
		{0, 0, true, 6},
		{0, 0, false, 8},
		{127, 0, true, 6},
		{128, 0, true, 7},
		{1ULL << 63, 0, true, 15},
		{1, 127, false, 6 + 2 + 127},
		{1, 128, false, 6 + 3 + 128},
	};
	static const char data[128];

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft_entry e = {
			.term = tests[i].term,
			.data = tests[i].nil ? NULL : data,
			.len = tests[i].len,
		};

		EXPECT_EQ(tests[i].want, raft_entry_size(&e));
	}
}

TEST(grow)
{
	uint32_t cap = 0, last = 0, grown = 0;
	int *v = NULL;

	for (int i = 0; i < 1000; i++) {
		v = raft_grow(v, &cap, (size_t)i + 1, sizeof(*v));
		EXPECT(cap > (uint32_t)i);
		grown += cap != last;
		last = cap;
		v[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		EXPECT_EQ(i, v[i]);
	EXPECT(grown <= 11); /* by doubling */
	free(v);
}

static char logged[2048];
static int lines;

static void capture(struct raft_logger *logger, enum raft_log_level level, const char *msg)
{
	(void)logger;
	(void)level;
	lines++;
	snprintf(logged, sizeof(logged), "%s", msg);
}

static int evaluated;

static int evaluate(void)
{
	return ++evaluated;
}

TEST(log_levels_and_long_lines)
{
	struct raft_logger logger = {.level = RAFT_LOG_WARN, .log = capture};

	RAFT_DEBUGF(&logger, "%d", evaluate());
	RAFT_INFOF(&logger, "%d", evaluate());
	EXPECT_EQ(0, evaluated);
	EXPECT_EQ(0, lines);
	RAFT_WARNINGF(&logger, "%d", evaluate());
	EXPECT_STR_EQ("1", logged);
	RAFT_ERRORF(&logger, "%01500d", 7);
	EXPECT_EQ(1500, strlen(logged));
	EXPECT_EQ('7', logged[1499]);
	EXPECT_EQ(2, lines);
	EXPECT_PANIC(raft_panicf(&logger, "broken: %d", 9));
	EXPECT_STR_EQ("broken: 9", logged);
	EXPECT_STR_EQ("broken: 9", runner_panic_message());
	logger.level = RAFT_LOG_NONE;
	EXPECT_PANIC(raft_panicf(&logger, "silently"));
	EXPECT_EQ(3, lines);
}

TEST(strerror)
{
	EXPECT_STR_EQ("raft proposal dropped", raft_strerror(RAFT_ERR_PROPOSAL_DROPPED));
	EXPECT_STR_EQ("unknown raft error", raft_strerror((enum raft_error)1000));
}

/* Not the original's: contexts are short ones, or held in a buffer. */
TEST(context_equal)
{
	static const char text[] = "0123456789012345678901234567890123456789";

	for (size_t len = 0; len < sizeof(text); len++) {
		struct raft_context c = {0};

		raft_context_set(&c, text, len);
		EXPECT(raft_context_equal(&c, text, len));
		EXPECT(!raft_context_equal(&c, text, len + 1));
		if (len > 0) {
			EXPECT(!raft_context_equal(&c, text, len - 1));
			EXPECT(!raft_context_equal(&c, text + 1, len));
		}
		raft_context_free(&c);
	}
}

/* Not the original's: a copy has all that the message has. */
TEST(message_copy)
{
	struct raft_message m = MSG(.type = MSG_HEARTBEAT, .from = 1, .to = 2, .term = 3);

	m.entries = one_entry("somedata");
	m.snapshot = raft_snapshot_ref(new_test_snapshot(11, 1, with_peers(1)));
	raft_context_set(&m.context, "ctx", 3);
	raft_messages_push(&m.responses, &MSG(.type = MSG_APP_RESP, .index = 4));

	struct raft_message copy = raft_message_copy(&m);
	struct raft_snapshot *snapshot = m.snapshot;
	raft_message_free(&m);
	EXPECT_EQ(3, copy.term);
	EXPECT_EQ(1, copy.entries.len);
	EXPECT_STR_EQ("somedata", entry_data(&copy.entries.v[0]));
	EXPECT(copy.snapshot == snapshot);
	EXPECT(context_is(&copy.context, "ctx"));
	EXPECT_EQ(1, copy.responses.len);
	EXPECT_EQ(4, copy.responses.v[0].index);
	raft_message_free(&copy);
}
