/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the Raft paper says, sentence by sentence: log replication and safety
 * (sections 5.3 and 5.4). The original: raft_paper_test.go.
 */
#include "raft/rafttest/log_testing.h"

static struct raft_memory_storage *new_storage_by_size(raft_id size)
{
	struct raft_conf_state cs = {.auto_leave = false};

	for (raft_id id = 1; id <= size; id++)
		raft_ids_add(&cs.voters, id);
	return new_test_memory_storage_with_conf(&cs);
}

static struct raft_memory_storage *new_storage_of_3(const struct raft_entries *ents)
{
	struct raft_memory_storage *s = new_storage_by_size(3);

	storage_append(s, ents);
	return s;
}

/* new_leader is a leader whose empty entry is committed: the last of its log. */
static struct raft *new_leader(raft_id size)
{
	struct raft_memory_storage *s = new_storage_by_size(size);
	struct raft *r = new_test_raft(1, 10, 1, s);

	raft_become_candidate(r);
	raft_become_leader(r);
	commit_noop_entry(r, s);
	return r;
}

/* accept_all steps what followers answer who accept all they get. */
static void accept_all(struct raft *r)
{
	struct raft_messages *msgs = raft_read_messages(r);

	for (uint32_t i = 0; i < msgs->len; i++)
		raft_step_msg(r, accept_and_reply(&msgs->v[i]));
}

static struct raft_entries *next_committed_ents(struct raft *r)
{
	struct raft_entries *ents = new_ents();

	raft_log_next_committed_ents(&r->raft_log, true, ents);
	return ents;
}

/* with_data gives the last entry of ents a payload. */
static struct raft_entries *with_data(struct raft_entries *ents, const char *data)
{
	entry_set_data(&ents->v[ents->len - 1], data);
	return ents;
}

/* ---- Section 5.3 -------------------------------------------------------- */

/* The leader appends the command to its log as a new entry, then issues
 * AppendEntries RPCs in parallel to each of the other servers to replicate the
 * entry. When sending an AppendEntries RPC, the leader includes the index and term
 * of the entry in its log that immediately precedes the new entries. Also, it
 * writes the new entry into stable storage. */
TEST(leader_start_replication)
{
	struct raft *r = new_leader(3);

	raft_step_msg(r, msg_prop(1, "some data"));
	EXPECT_EQ(2, raft_log_last_index(&r->raft_log));
	EXPECT_EQ(1, r->raft_log.committed);
	EXPECT_MSGS("1->2 MsgApp Term:1 Log:1/1 Commit:1 Entries:[1/2 EntryNormal \"some data\"]\n"
		    "1->3 MsgApp Term:1 Log:1/1 Commit:1 Entries:[1/2 EntryNormal \"some data\"]\n",
		raft_read_messages(r));
	EXPECT_ENTS_EQ(with_data(index_terms(2, 1), "some data"), raft_unstable_ents(r));
}

/* When the entry has been safely replicated, the leader applies it. The leader
 * keeps track of the highest index it knows to be committed, and it includes that
 * index in future AppendEntries RPCs so that the other servers eventually find
 * out. */
TEST(leader_commit_entry)
{
	struct raft *r = new_leader(3);

	raft_step_msg(r, msg_prop(1, "some data"));
	accept_all(r);
	EXPECT_EQ(2, r->raft_log.committed);
	EXPECT_ENTS_EQ(with_data(index_terms(2, 1), "some data"), next_committed_ents(r));
	EXPECT_MSGS("1->2 MsgApp Term:1 Log:1/2 Commit:2\n"
		    "1->3 MsgApp Term:1 Log:1/2 Commit:2\n",
		raft_read_messages(r));
}

/* A log entry is committed once the leader that created the entry has replicated
 * it on a majority of the servers. */
TEST(leader_acknowledge_commit)
{
	static const struct {
		raft_id size, acceptors; /* followers 2, 3, ... */
		bool want;
	} tests[] = {
		{1, 0, true},
		{3, 0, false},
		{3, 1, true},
		{3, 2, true},
		{5, 0, false},
		{5, 1, false},
		{5, 2, true},
		{5, 3, true},
		{5, 4, true},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft *r = new_leader(tests[i].size);
		raft_index li = raft_log_last_index(&r->raft_log);

		raft_step_msg(r, msg_prop(1, "some data"));
		struct raft_messages *msgs = raft_read_messages(r);
		for (uint32_t j = 0; j < msgs->len; j++) {
			if (msgs->v[j].to <= 1 + tests[i].acceptors)
				raft_step_msg(r, accept_and_reply(&msgs->v[j]));
		}
		EXPECT_EQ(tests[i].want, r->raft_log.committed > li);
	}
}

/* This also commits all preceding entries in the leader's log, including entries
 * created by previous leaders; and it applies them in log order. */
TEST(leader_commit_preceding_entries)
{
	const struct {
		const struct raft_entries *ents;
		struct raft_entries *want;
	} tests[] = {
		{&no_ents, index_terms(1, 3, 3)},
		{index_terms(1, 2), index_terms(1, 2, 3, 3)},
		{index_terms(1, 1, 2), index_terms(1, 1, 2, 3, 3)},
		{index_terms(1, 1), index_terms(1, 1, 3, 3)},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft *r = new_test_raft(1, 10, 1, new_storage_of_3(tests[i].ents));

		raft_load_state(r, (struct raft_hard_state){.term = 2});
		raft_become_candidate(r);
		raft_become_leader(r);
		raft_step_msg(r, msg_prop(1, "some data"));
		accept_all(r);
		EXPECT_ENTS_EQ(with_data(tests[i].want, "some data"), next_committed_ents(r));
	}
}

/* Once a follower learns that a log entry is committed, it applies the entry to
 * its local state machine (in log order). */
TEST(follower_commit_entry)
{
	static const struct {
		const char *data[2];
		uint32_t len;
		raft_index commit;
	} tests[] = {
		{{"some data"}, 1, 1},
		{{"some data", "some data2"}, 2, 2},
		{{"some data2", "some data"}, 2, 2},
		{{"some data", "some data2"}, 2, 1},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft *r = new_test_raft(1, 10, 1, new_storage_by_size(3));
		struct raft_entries *ents = index_term_range(1, 0, tests[i].len);

		for (uint32_t j = 0; j < ents->len; j++) {
			ents->v[j].term = 1;
			entry_set_data(&ents->v[j], tests[i].data[j]);
		}
		raft_become_follower(r, 1, 2);
		raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_APP, .term = 1,
					 .entries = ents_copy(ents), .commit = tests[i].commit));
		EXPECT_EQ(tests[i].commit, r->raft_log.committed);
		struct raft_entries want = ents_slice(ents, 0, (uint32_t)tests[i].commit);
		EXPECT_ENTS_EQ(&want, next_committed_ents(r));
	}
}

/* If the follower does not find an entry in its log with the same index and term,
 * then it refuses the new entries. */
TEST(follower_check_msg_app)
{
	static const struct {
		raft_term term;
		raft_index index;
		const char *want;
	} tests[] = {
		/* match with committed entries */
		{0, 0, "1->2 MsgAppResp Term:2 Log:0/1\n"},
		{1, 1, "1->2 MsgAppResp Term:2 Log:0/1\n"},
		/* match with uncommitted entries */
		{2, 2, "1->2 MsgAppResp Term:2 Log:0/2\n"},
		/* no match with an existing entry */
		{1, 2, "1->2 MsgAppResp Term:2 Log:1/2 Rejected (Hint: 1)\n"},
		/* no such entry */
		{3, 3, "1->2 MsgAppResp Term:2 Log:2/3 Rejected (Hint: 2)\n"},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft *r = new_test_raft(1, 10, 1, new_storage_of_3(index_terms(1, 1, 2)));

		raft_load_state(r, (struct raft_hard_state){.commit = 1});
		raft_become_follower(r, 2, 2);
		raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_APP, .term = 2,
					 .log_term = tests[i].term, .index = tests[i].index));
		EXPECT_MSGS(tests[i].want, raft_read_messages(r));
	}
}

/* If an existing entry conflicts with a new one (same index but different terms),
 * the follower deletes the existing entry and all that follow it, and appends any
 * new entries not already in the log (figure 2). Also, it writes the new entries
 * into stable storage. */
TEST(follower_append_entries)
{
	const struct {
		raft_index index;
		raft_term term;
		const struct raft_entries *ents, *want, *want_unstable;
	} tests[] = {
		{2, 2, index_terms(3, 3), index_terms(1, 1, 2, 3), index_terms(3, 3)},
		{1, 1, index_terms(2, 3, 4), index_terms(1, 1, 3, 4), index_terms(2, 3, 4)},
		{0, 0, index_terms(1, 1), index_terms(1, 1, 2), &no_ents},
		{0, 0, index_terms(1, 3), index_terms(1, 3), index_terms(1, 3)},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft *r = new_test_raft(1, 10, 1, new_storage_of_3(index_terms(1, 1, 2)));

		raft_become_follower(r, 2, 2);
		raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_APP, .term = 2,
					 .log_term = tests[i].term, .index = tests[i].index,
					 .entries = ents_copy(tests[i].ents)));
		EXPECT_ENTS_EQ(tests[i].want, all_entries(r));
		EXPECT_ENTS_EQ(tests[i].want_unstable, raft_unstable_ents(r));
	}
}

/* The leader brings a follower's log into consistency with its own: figure 7. */
TEST(leader_sync_follower_log)
{
	const raft_term term = 8;
	const struct raft_entries *ents = index_terms(1, 1, 1, 1, 4, 4, 5, 5, 6, 6, 6);
	const struct raft_entries *const tests[] = {
		index_terms(1, 1, 1, 1, 4, 4, 5, 5, 6, 6),
		index_terms(1, 1, 1, 1, 4, 4),
		index_terms(1, 1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6),
		index_terms(1, 1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7),
		index_terms(1, 1, 1, 1, 4, 4, 4, 4),
		index_terms(1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3),
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft *lead = new_test_raft(1, 10, 1, new_storage_of_3(ents));
		struct raft *follower = new_test_raft(2, 10, 1, new_storage_of_3(tests[i]));
		struct network *nt;

		raft_load_state(lead, (struct raft_hard_state){
					      .commit = raft_log_last_index(&lead->raft_log),
					      .term = term,
				      });
		raft_load_state(follower, (struct raft_hard_state){.term = term - 1});
		/* The follower's log may be more up-to-date, so that it takes a third
		 * node to elect the leader; its vote is stepped by hand. */
		nt = new_network(lead, follower, NOP_STEPPER);
		network_send(nt, msg_hup(1));
		network_send(nt, MSG(.from = 3, .to = 1, .type = MSG_VOTE_RESP, .term = term + 1));
		EXPECT_EQ(RAFT_STATE_LEADER, lead->state);
		network_send(nt, msg_prop(1, NULL));
		EXPECT_STR_EQ("", diffu(ltoa(&lead->raft_log), ltoa(&follower->raft_log)));
	}
}

/* ---- Section 5.4 -------------------------------------------------------- */

/* The RequestVote RPC includes information about the candidate's log, and is sent
 * to all other nodes. (5.4.1) */
TEST(vote_request)
{
	const struct {
		const struct raft_entries *ents;
		raft_term term;
		const char *want;
	} tests[] = {
		{index_terms(1, 1), 1,
			"1->2 MsgVote Term:2 Log:1/1\n1->3 MsgVote Term:2 Log:1/1\n"},
		{index_terms(1, 1, 2), 2,
			"1->2 MsgVote Term:3 Log:2/2\n1->3 MsgVote Term:3 Log:2/2\n"},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft *r = new_test_raft(1, 10, 1, new_storage_by_size(3));

		raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_APP, .term = tests[i].term,
					 .entries = ents_copy(tests[i].ents)));
		raft_read_messages(r);
		for (int j = 1; j < 2 * r->election_timeout; j++)
			raft_tick_election(r);
		EXPECT_MSGS(tests[i].want, raft_read_messages(r));
	}
}

/* The voter denies its vote if its own log is more up-to-date than that of the
 * candidate. (5.4.1) */
TEST(voter)
{
	const struct {
		const struct raft_entries *ents;
		raft_term log_term;
		raft_index index;
		bool want_reject;
	} tests[] = {
		/* same term */
		{index_terms(1, 1), 1, 1, false},
		{index_terms(1, 1), 1, 2, false},
		{index_terms(1, 1, 1), 1, 1, true},
		/* the candidate's is higher */
		{index_terms(1, 1), 2, 1, false},
		{index_terms(1, 1), 2, 2, false},
		{index_terms(1, 1, 1), 2, 1, false},
		/* the voter's is higher */
		{index_terms(1, 2), 1, 1, true},
		{index_terms(1, 2), 1, 2, true},
		{index_terms(1, 2, 2), 1, 1, true},
		{index_terms(1, 1, 1), 1, 1, true},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft_memory_storage *storage = new_storage_by_size(2);
		const struct raft_message *m;

		storage_append(storage, tests[i].ents);
		struct raft *r = new_test_raft(1, 10, 1, storage);
		raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_VOTE, .term = 3,
					 .log_term = tests[i].log_term, .index = tests[i].index));
		m = expect_one_message(r);
		EXPECT_EQ(MSG_VOTE_RESP, m->type);
		EXPECT_EQ(tests[i].want_reject, m->reject);
	}
}

/* Only log entries from the leader's current term are committed by counting
 * replicas. (5.4.2 and figure 8) */
TEST(leader_only_commits_log_from_current_term)
{
	static const struct {
		raft_index index, want_commit;
	} tests[] = {
		{1, 0},
		{2, 0},
		{3, 3},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft_memory_storage *storage = new_storage_by_size(2);

		storage_append(storage, index_terms(1, 1, 2));
		struct raft *r = new_test_raft(1, 10, 1, storage);
		raft_load_state(r, (struct raft_hard_state){.term = 2});
		/* leader of term 3 */
		raft_become_candidate(r);
		raft_become_leader(r);
		raft_read_messages(r);
		raft_step_msg(r, msg_prop(1, NULL));

		raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_APP_RESP, .term = r->term,
					 .index = tests[i].index));
		raft_advance_messages_after_append(r);
		EXPECT_EQ(tests[i].want_commit, r->raft_log.committed);
	}
}
