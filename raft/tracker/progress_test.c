/* SPDX-License-Identifier: Apache-2.0 */
/* The original: tracker/progress_test.go. */
#include "raft/raft_internal.h"
#include "raft/rafttest/raft_testing.h"

TEST(progress_string)
{
	struct progress pr = {
		.match = 1,
		.next = 2,
		.state = RAFT_PROGRESS_SNAPSHOT,
		.pending_snapshot = 123,
		.msg_app_flow_paused = true,
		.is_learner = true,
	};
	struct strbuf b = {0};

	inflights_init(&pr.inflights, 1, 0);
	inflights_add(&pr.inflights, 123, 1);
	progress_string(&pr, &b);
	EXPECT_STR_EQ("StateSnapshot match=1 next=2 learner paused pendingSnap=123 inactive "
		      "inflight=1[full]",
		b.s);
	strbuf_free(&b);
	inflights_free(&pr.inflights);
}

TEST(progress_is_paused)
{
	static const struct {
		enum raft_progress_state state;
		bool paused, want;
	} tests[] = {
		{RAFT_PROGRESS_PROBE, false, false},
		{RAFT_PROGRESS_PROBE, true, true},
		{RAFT_PROGRESS_REPLICATE, false, false},
		{RAFT_PROGRESS_REPLICATE, true, true},
		{RAFT_PROGRESS_SNAPSHOT, false, true},
		{RAFT_PROGRESS_SNAPSHOT, true, true},
	};
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct progress pr = {
			.state = tests[i].state,
			.msg_app_flow_paused = tests[i].paused,
		};
		EXPECT_EQ(tests[i].want, progress_is_paused(&pr));
	}
}

/* An acknowledgement and a rejection both let the flow go on. */
TEST(progress_resume)
{
	struct progress pr = {.next = 2, .msg_app_flow_paused = true};
	progress_maybe_decr_to(&pr, 1, 1);
	EXPECT(!pr.msg_app_flow_paused);
	pr.msg_app_flow_paused = true;
	progress_maybe_update(&pr, 2);
	EXPECT(!pr.msg_app_flow_paused);
}

TEST(progress_become_probe)
{
	static const struct {
		const char *name;
		enum raft_progress_state state;
		raft_index pending_snapshot, want_next;
	} tests[] = {
		{"from replicate", RAFT_PROGRESS_REPLICATE, 0, 2},
		{"snapshot finish", RAFT_PROGRESS_SNAPSHOT, 10, 11},
		{"snapshot failure", RAFT_PROGRESS_SNAPSHOT, 0, 2},
	};
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("%s", tests[i].name);
		struct progress pr = {
			.state = tests[i].state,
			.match = 1,
			.next = 5,
			.pending_snapshot = tests[i].pending_snapshot,
		};
		progress_become_probe(&pr);
		EXPECT_EQ(RAFT_PROGRESS_PROBE, pr.state);
		EXPECT_EQ(1, pr.match);
		EXPECT_EQ(tests[i].want_next, pr.next);
	}
}

TEST(progress_become_replicate)
{
	struct progress pr = {.state = RAFT_PROGRESS_PROBE, .match = 1, .next = 5};
	progress_become_replicate(&pr);
	EXPECT_EQ(RAFT_PROGRESS_REPLICATE, pr.state);
	EXPECT_EQ(1, pr.match);
	EXPECT_EQ(2, pr.next);
}

TEST(progress_become_snapshot)
{
	struct progress pr = {.state = RAFT_PROGRESS_PROBE, .match = 1, .next = 5};
	progress_become_snapshot(&pr, 10);
	EXPECT_EQ(RAFT_PROGRESS_SNAPSHOT, pr.state);
	EXPECT_EQ(1, pr.match);
	EXPECT_EQ(10, pr.pending_snapshot);
}

TEST(progress_update)
{
	static const struct {
		const char *name;
		raft_index update, want_match, want_next;
		bool want;
	} tests[] = {
		{"do not decrease match, next", 2, 3, 5, false},
		{"do not decrease next", 3, 3, 5, false},
		{"increase match, do not decrease next", 4, 4, 5, true},
		{"increase match, next", 5, 5, 6, true},
	};
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("%s", tests[i].name);
		struct progress pr = {.match = 3, .next = 5};
		EXPECT_EQ(tests[i].want, progress_maybe_update(&pr, tests[i].update));
		EXPECT_EQ(tests[i].want_match, pr.match);
		EXPECT_EQ(tests[i].want_next, pr.next);
	}
}

TEST(progress_maybe_decr)
{
	static const struct {
		const char *name;
		enum raft_progress_state state;
		raft_index match, next, rejected, last;
		bool want;
		raft_index want_next;
	} tests[] = {
		{"replicate, rejected is match", RAFT_PROGRESS_REPLICATE, 5, 10, 5, 5, false, 10},
		{"replicate, rejected below match", RAFT_PROGRESS_REPLICATE, 5, 10, 4, 4, false,
			10},
		{"replicate, back to match + 1", RAFT_PROGRESS_REPLICATE, 5, 10, 9, 9, true, 6},
		{"probe, rejected is not next - 1", RAFT_PROGRESS_PROBE, 0, 0, 0, 0, false, 0},
		{"probe, rejected is not next - 1", RAFT_PROGRESS_PROBE, 0, 10, 5, 5, false, 10},
		{"probe, down by 1", RAFT_PROGRESS_PROBE, 0, 10, 9, 9, true, 9},
		{"probe, down by 1", RAFT_PROGRESS_PROBE, 0, 2, 1, 1, true, 1},
		{"probe, next is never below 1", RAFT_PROGRESS_PROBE, 0, 1, 0, 0, true, 1},
		{"probe, min(rejected, last + 1)", RAFT_PROGRESS_PROBE, 0, 10, 9, 2, true, 3},
		{"probe, rejected everything", RAFT_PROGRESS_PROBE, 0, 10, 9, 0, true, 1},
	};
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu: %s", i, tests[i].name);
		struct progress pr = {
			.state = tests[i].state,
			.match = tests[i].match,
			.next = tests[i].next,
		};
		EXPECT_EQ(tests[i].want,
			progress_maybe_decr_to(&pr, tests[i].rejected, tests[i].last));
		EXPECT_EQ(tests[i].match, pr.match);
		EXPECT_EQ(tests[i].want_next, pr.next);
	}
}

/* Not the original's: sending to a follower that waits for a snapshot is a bug. */
TEST(progress_sent_entries_in_snapshot_panics)
{
	struct progress pr = {.state = RAFT_PROGRESS_SNAPSHOT};
	EXPECT_PANIC(progress_sent_entries(&pr, 1, 1));
	EXPECT_STR_EQ("sending append in unhandled state StateSnapshot", runner_panic_message());
}

/* An append is in flight until its last entry is acknowledged. */
TEST(progress_sent_entries_in_flight)
{
	struct progress pr = {.match = 1, .next = 2, .state = RAFT_PROGRESS_REPLICATE};

	inflights_init(&pr.inflights, 8, 0);
	progress_sent_entries(&pr, 3, 30);
	EXPECT_EQ(5, pr.next);
	inflights_free_le(&pr.inflights, 3);
	EXPECT_EQ(1, pr.inflights.count);
	inflights_free_le(&pr.inflights, 4);
	EXPECT_EQ(0, pr.inflights.count);
	inflights_free(&pr.inflights);
}

/* A commit index is news as far as the follower can use it, once. */
TEST(progress_can_bump_commit)
{
	static const struct {
		raft_index index, sent_commit, next;
		bool want;
	} tests[] = {
		{5, 4, 9, true},
		{5, 5, 9, false},
		{4, 5, 9, false},
		{5, 4, 6, true},
		{5, 4, 5, false},
		{5, 3, 5, true},
	};
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct progress pr = {
			.next = tests[i].next, .sent_commit = tests[i].sent_commit};

		EXPECT_EQ(tests[i].want, progress_can_bump_commit(&pr, tests[i].index));
	}
}
