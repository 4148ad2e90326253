/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A follower and MsgApp: what it takes, and what it rejects; and how a leader
 * uses the hint in a rejection to find quickly where the logs meet.
 */
#include "raft/rafttest/raft_testing.h"

/* By the rules of the paper's figure 2 for AppendEntries:
 *  1. Reject if the log has no entry at index with the term log_term.
 *  2. If an entry conflicts with a new one (same index, other term), delete it
 *     and all that follow it; append those that are not there.
 *  3. Commit up to min(the leader's commit index, the last new entry). */
TEST(handle_msg_app)
{
	/* The follower's log has the entries (1, term 1) and (2, term 2). */
	const struct {
		struct raft_message m;
		const struct raft_entries *ents;
		raft_index windex, wcommit;
		bool wreject;
	} tests[] = {
		/* Rule 1: another term there, no entry there. */
		{MSG(.term = 2, .log_term = 3, .index = 2, .commit = 3), NULL, 2, 0, true},
		{MSG(.term = 2, .log_term = 3, .index = 3, .commit = 3), NULL, 2, 0, true},

		/* Rule 2. */
		{MSG(.term = 2, .log_term = 1, .index = 1, .commit = 1), NULL, 2, 1, false},
		{MSG(.term = 2, .log_term = 0, .index = 0, .commit = 1), index_terms(1, 2), 1, 1,
			false},
		{MSG(.term = 2, .log_term = 2, .index = 2, .commit = 3), index_terms(3, 2, 2), 4, 3,
			false},
		{MSG(.term = 2, .log_term = 2, .index = 2, .commit = 4), index_terms(3, 2), 3, 3,
			false},
		{MSG(.term = 2, .log_term = 1, .index = 1, .commit = 4), index_terms(2, 2), 2, 2,
			false},

		/* Rule 3: as far as the logs are known to match, and no further. */
		{MSG(.term = 1, .log_term = 1, .index = 1, .commit = 3), NULL, 2, 1, false},
		{MSG(.term = 1, .log_term = 1, .index = 1, .commit = 3), index_terms(2, 2), 2, 2,
			false},
		{MSG(.term = 2, .log_term = 2, .index = 2, .commit = 3), NULL, 2, 2, false},
		{MSG(.term = 2, .log_term = 2, .index = 2, .commit = 4), NULL, 2, 2, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct raft_memory_storage *storage = new_test_memory_storage(with_peers(1));
		struct raft_message m = tests[i].m;
		struct raft *sm;

		TEST_CASE("#%zu", i);
		storage_append(storage, index_terms(1, 1, 2));
		sm = new_test_raft(1, 10, 1, storage);
		raft_become_follower(sm, 2, RAFT_NONE);

		m.type = MSG_APP;
		if (tests[i].ents)
			m.entries = ents_copy(tests[i].ents);
		raft_handle_append_entries(sm, &m);
		raft_message_free(&m);

		EXPECT_EQ(tests[i].windex, raft_log_last_index(&sm->raft_log));
		EXPECT_EQ(tests[i].wcommit, sm->raft_log.committed);
		EXPECT_EQ(tests[i].wreject, expect_one_message(sm)->reject);
	}
}

struct rejection {
	const struct raft_entries *leader_log;
	const struct raft_entries *follower_log;
	raft_index follower_compact; /* entries up to it are compacted */
	raft_term reject_hint_term;  /* of the rejecting MsgAppResp */
	raft_index reject_hint_index;
	raft_term next_append_term; /* of the leader's next MsgApp */
	raft_index next_append_index;
};

static struct raft *new_rejection_leader(const struct rejection *test, struct raft_entry last)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1, 2, 3));
	struct raft *n1;

	storage_append(s, test->leader_log);
	raft_memory_storage_set_hard_state(
		s, (struct raft_hard_state){.term = last.term - 1, .commit = last.index});
	n1 = new_test_raft(1, 10, 1, s);
	raft_become_candidate(n1); /* in the term of the last entry */
	raft_become_leader(n1);
	return n1;
}

static struct raft *new_rejection_follower(const struct rejection *test, struct raft_entry last)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1, 2, 3));
	struct raft *n2;

	storage_append(s, test->follower_log);
	raft_memory_storage_set_hard_state(
		s, (struct raft_hard_state){.term = last.term, .vote = 1, .commit = 0});
	n2 = new_test_raft(2, 10, 1, s);
	/* Strictly, what is not committed cannot be compacted. It is done here to
	 * see what happens, should it ever come to that. */
	if (test->follower_compact != 0)
		EXPECT_EQ(RAFT_OK, raft_memory_storage_compact(s, test->follower_compact));
	return n2;
}

static void check_rejection(const struct rejection *test)
{
	struct raft_entry last = test->leader_log->v[test->leader_log->len - 1];
	struct raft *n1 = new_rejection_leader(test, last);
	struct raft *n2 = new_rejection_follower(test, last);
	struct raft_message *m;

	/* A heartbeat, its response, and the MsgApp that this brings. */
	EXPECT_EQ(RAFT_OK, raft_step_msg(n2, MSG(.from = 1, .to = 2, .type = MSG_HEARTBEAT)));
	m = expect_one_message(n2);
	EXPECT_EQ(MSG_HEARTBEAT_RESP, m->type);

	EXPECT_EQ(RAFT_OK, raft_step(n1, m));
	m = expect_one_message(n1);
	EXPECT_EQ(MSG_APP, m->type);

	/* It is rejected, with a hint. */
	EXPECT_EQ(RAFT_OK, raft_step(n2, m));
	m = expect_one_message(n2);
	EXPECT_EQ(MSG_APP_RESP, m->type);
	EXPECT(m->reject);
	EXPECT_EQ(test->reject_hint_term, m->log_term);
	EXPECT_EQ(test->reject_hint_index, m->reject_hint);

	/* The leader makes use of that. */
	EXPECT_EQ(RAFT_OK, raft_step(n1, m));
	m = &raft_read_messages(n1)->v[0];
	EXPECT_EQ(test->next_append_term, m->log_term);
	EXPECT_EQ(test->next_append_index, m->index);
}

TEST(fast_log_rejection)
{
	const struct rejection tests[] = {
		/* The leader skips what it has of terms above the hint's: after index
		 * 7, term 4, it tries index 3, term 2. */
		{
			.leader_log = index_terms(1, 1, 2, 2, 4, 4, 4, 4),
			.follower_log = index_terms(1, 1, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3),
			.reject_hint_term = 3,
			.reject_hint_index = 7,
			.next_append_term = 2,
			.next_append_index = 3,
		},
		/* After index 8, term 5, it tries index 4, term 3. */
		{
			.leader_log = index_terms(1, 1, 2, 2, 3, 4, 4, 4, 5),
			.follower_log = index_terms(1, 1, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3),
			.reject_hint_term = 3,
			.reject_hint_index = 8,
			.next_append_term = 3,
			.next_append_index = 4,
		},
		/* The follower skips what it has of terms above the leader's: after
		 * index 4, term 1, comes index 1, term 1. */
		{
			.leader_log = index_terms(1, 1, 1, 1, 1),
			.follower_log = index_terms(1, 1, 2, 2, 4),
			.reject_hint_term = 1,
			.reject_hint_index = 1,
			.next_append_term = 1,
			.next_append_index = 1,
		},
		/* The same, when the leader's uncommitted tail is longer ... */
		{
			.leader_log = index_terms(1, 1, 1, 1, 1, 1, 1),
			.follower_log = index_terms(1, 1, 2, 2, 4),
			.reject_hint_term = 1,
			.reject_hint_index = 1,
			.next_append_term = 1,
			.next_append_index = 1,
		},
		/* ... and when the follower's is. */
		{
			.leader_log = index_terms(1, 1, 1, 1, 1),
			.follower_log = index_terms(1, 1, 2, 2, 4, 4, 4),
			.reject_hint_term = 1,
			.reject_hint_index = 1,
			.next_append_term = 1,
			.next_append_index = 1,
		},
		/* No conflict, the follower is just behind: after index 5, term 5,
		 * comes index 4, term 4. */
		{
			.leader_log = index_terms(1, 1, 1, 1, 4, 5),
			.follower_log = index_terms(1, 1, 1, 1, 4),
			.reject_hint_term = 4,
			.reject_hint_index = 4,
			.next_append_term = 4,
			.next_append_index = 4,
		},
		/* The example of the comment in raft_step_leader(). */
		{
			.leader_log = index_terms(1, 2, 5, 5, 5, 5, 5, 5, 5, 5),
			.follower_log = index_terms(1, 2, 4, 4, 4, 4, 4),
			.reject_hint_term = 4,
			.reject_hint_index = 6,
			.next_append_term = 2,
			.next_append_index = 1,
		},
		/* The example of the comment in raft_handle_append_entries(). */
		{
			.leader_log = index_terms(1, 2, 2, 2, 2, 2),
			.follower_log = index_terms(1, 2, 4, 4, 4, 4, 4, 4, 4),
			.reject_hint_term = 2,
			.reject_hint_index = 1,
			.next_append_term = 2,
			.next_append_index = 1,
		},
		/* A MsgApp comes so late that the follower has compacted its log past
		 * index 3 in the meantime. It rejects with the same index and term 0,
		 * and the leader goes back by one entry. */
		{
			.leader_log = index_terms(1, 1, 1, 3),
			.follower_log = index_terms(1, 1, 1, 3, 3, 3),
			.follower_compact = 5,
			.reject_hint_term = 0,
			.reject_hint_index = 3,
			.next_append_term = 1,
			.next_append_index = 2,
		},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		check_rejection(&tests[i]);
	}
}

/* A MsgApp from before the commit index has nothing new in it; the answer says
 * how far the follower is. */
TEST(handle_msg_app_below_commit)
{
	struct raft_memory_storage *storage = new_test_memory_storage(with_peers(1, 2));
	struct raft_message *m;
	struct raft *sm;

	storage_append(storage, index_terms(1, 1, 1, 2));
	sm = new_test_raft(1, 10, 1, storage);
	raft_become_follower(sm, 2, 2);
	raft_log_commit_to(&sm->raft_log, 3);

	raft_step_msg(
		sm, MSG(.from = 2, .to = 1, .type = MSG_APP, .term = 2, .index = 1, .log_term = 1,
			    .commit = 2, .entries = ents_copy(index_terms(2, 1))));
	m = expect_one_message(sm);
	EXPECT_EQ(MSG_APP_RESP, m->type);
	EXPECT(!m->reject);
	EXPECT_EQ(3, m->index);
	EXPECT_EQ(3, raft_log_last_index(&sm->raft_log));
	EXPECT_EQ(3, sm->raft_log.committed);
}

/* A candidate that is sent entries by the leader of its term takes them. */
TEST(candidate_takes_msg_app)
{
	static const enum raft_state states[] = {RAFT_STATE_CANDIDATE, RAFT_STATE_PRE_CANDIDATE};

	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		struct raft *sm =
			new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2, 3)));
		struct raft_message *m;

		TEST_CASE("%s", raft_state_name(states[i]));
		raft_become_follower(sm, 1, RAFT_NONE);
		raft_become(sm, states[i], 0, RAFT_NONE);
		raft_read_messages(sm);
		raft_step_msg(sm, MSG(.from = 2, .to = 1, .type = MSG_APP, .term = sm->term,
					  .entries = ents_copy(index_terms(1, 1))));
		EXPECT_EQ(RAFT_STATE_FOLLOWER, sm->state);
		EXPECT_EQ(2, sm->lead);
		m = expect_one_message(sm);
		EXPECT_EQ(MSG_APP_RESP, m->type);
		EXPECT(!m->reject);
		EXPECT_EQ(1, m->index);
	}
}
