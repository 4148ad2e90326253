/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the Raft paper says, sentence by sentence: terms and elections (sections
 * 5.1 and 5.2). The log (5.3 and 5.4) is in raft_paper_log_test.c. Each test sets
 * up a state in a simple way, steps messages, and checks what is sent and what
 * the state is then.
 *
 * The original: raft_paper_test.go.
 */
#include "raft/rafttest/log_testing.h"

static struct raft *node_1_of_3(void)
{
	return new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2, 3)));
}

/* new_storage_by_size is a storage whose voters are 1 to size. */
static struct raft_memory_storage *new_storage_by_size(raft_id size)
{
	struct raft_conf_state cs = {.auto_leave = false};

	for (raft_id id = 1; id <= size; id++)
		raft_ids_add(&cs.voters, id);
	return new_test_memory_storage_with_conf(&cs);
}

/* If one server's current term is smaller than the other's, then it updates its
 * current term to the larger value. If a candidate or leader discovers that its
 * term is out of date, it immediately reverts to follower state. (5.1) */
static void test_update_term_from_message(enum raft_state state)
{
	struct raft *r = node_1_of_3();

	raft_become(r, state, 1, 2);
	raft_step_msg(r, MSG(.type = MSG_APP, .term = 2));
	EXPECT_EQ(2, r->term);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, r->state);
}

TEST(follower_update_term_from_message)
{
	test_update_term_from_message(RAFT_STATE_FOLLOWER);
}

TEST(candidate_update_term_from_message)
{
	test_update_term_from_message(RAFT_STATE_CANDIDATE);
}

TEST(leader_update_term_from_message)
{
	test_update_term_from_message(RAFT_STATE_LEADER);
}

static bool fake_step_called;

static enum raft_error fake_step(struct raft *r, struct raft_message *m)
{
	(void)r;
	raft_message_free(m);
	fake_step_called = true;
	return RAFT_OK;
}

/* If a server receives a request with a stale term number, it rejects the request
 * (5.1); here it ignores it. */
TEST(reject_stale_term_message)
{
	struct raft *r = node_1_of_3();

	r->step = fake_step;
	raft_load_state(r, (struct raft_hard_state){.term = 2});
	raft_step_msg(r, MSG(.type = MSG_APP, .term = r->term - 1));
	EXPECT(!fake_step_called);
}

/* When servers start up, they begin as followers. (5.2) */
TEST(start_as_follower)
{
	EXPECT_EQ(RAFT_STATE_FOLLOWER, node_1_of_3()->state);
}

/* Leaders send periodic heartbeats (AppendEntries RPCs that carry no log entries)
 * to all followers. (5.2) */
TEST(leader_bcast_beat)
{
	struct raft *r = node_1_of_3();

	raft_become(r, RAFT_STATE_LEADER, 1, RAFT_NONE);
	for (int i = 0; i < 10; i++)
		must_append_entry(r, NULL);
	r->tick(r);
	EXPECT_MSGS("1->2 MsgHeartbeat Term:1 Log:0/0\n"
		    "1->3 MsgHeartbeat Term:1 Log:0/0\n",
		raft_read_messages(r));
}

/* If a follower receives no communication over the election timeout, it begins an
 * election to choose a new leader: it increments its current term and transitions
 * to candidate state, votes for itself and issues RequestVote RPCs to each of the
 * other servers. A candidate that obtains no majority times out, too, and starts a
 * new election by incrementing its term. (5.2) */
static void test_nonleader_start_election(enum raft_state state)
{
	const int election_timeout = 10;
	struct raft *r = node_1_of_3();
	struct quorum_votes votes;
	bool granted = false;

	raft_become(r, state, 1, 2);
	for (int i = 1; i < 2 * election_timeout; i++)
		r->tick(r);
	raft_advance_messages_after_append(r);

	EXPECT_EQ(2, r->term);
	EXPECT_EQ(RAFT_STATE_CANDIDATE, r->state);
	votes = tracker_votes_lookup(&r->trk.votes);
	EXPECT(votes.vote(votes.arg, r->id, &granted));
	EXPECT(granted);
	EXPECT_MSGS("1->2 MsgVote Term:2 Log:0/0\n"
		    "1->3 MsgVote Term:2 Log:0/0\n",
		raft_read_messages(r));
}

TEST(follower_start_election)
{
	test_nonleader_start_election(RAFT_STATE_FOLLOWER);
}

TEST(candidate_start_new_election)
{
	test_nonleader_start_election(RAFT_STATE_CANDIDATE);
}

/* A candidate wins if it receives votes from a majority, returns to follower if a
 * majority denies it, and remains candidate otherwise. (5.2) */
TEST(leader_election_in_one_round_rpc)
{
	static const struct {
		raft_id size;
		const char *votes; /* of 2, 3, ...: y, n, or nothing yet */
		enum raft_state want;
	} tests[] = {
		{1, "", RAFT_STATE_LEADER},
		{3, "yy", RAFT_STATE_LEADER},
		{3, "y", RAFT_STATE_LEADER},
		{5, "yyyy", RAFT_STATE_LEADER},
		{5, "yyy", RAFT_STATE_LEADER},
		{5, "yy", RAFT_STATE_LEADER},

		{3, "nn", RAFT_STATE_FOLLOWER},
		{5, "nnnn", RAFT_STATE_FOLLOWER},
		{5, "ynnn", RAFT_STATE_FOLLOWER},

		{3, "", RAFT_STATE_CANDIDATE},
		{5, "y", RAFT_STATE_CANDIDATE},
		{5, "nn", RAFT_STATE_CANDIDATE},
		{5, "", RAFT_STATE_CANDIDATE},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft *r = new_test_raft(1, 10, 1, new_storage_by_size(tests[i].size));

		raft_step_msg(r, msg_hup(1));
		raft_advance_messages_after_append(r);
		for (raft_id id = 2; tests[i].votes[id - 2]; id++)
			raft_step_msg(
				r, MSG(.from = id, .to = 1, .term = r->term, .type = MSG_VOTE_RESP,
					   .reject = tests[i].votes[id - 2] == 'n'));
		EXPECT_EQ(tests[i].want, r->state);
		EXPECT_EQ(1, r->term);
	}
}

/* Each server will vote for at most one candidate in a given term, on a
 * first-come-first-served basis. (5.2) */
TEST(follower_vote)
{
	static const struct {
		raft_id vote, nvote;
		bool want_reject;
	} tests[] = {
		{RAFT_NONE, 2, false},
		{RAFT_NONE, 3, false},
		{2, 2, false},
		{3, 3, false},
		{2, 3, true},
		{3, 2, true},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft *r = node_1_of_3();
		char want[80];

		raft_load_state(r, (struct raft_hard_state){.term = 1, .vote = tests[i].vote});
		raft_step_msg(r, MSG(.from = tests[i].nvote, .to = 1, .term = 1, .type = MSG_VOTE));
		snprintf(want, sizeof(want), "1->%llu MsgVoteResp Term:1 Log:0/0%s\n",
			tests[i].nvote, tests[i].want_reject ? " Rejected (Hint: 0)" : "");
		EXPECT_MSGS(want, raft_take_messages_after_append(r));
	}
}

/* While waiting for votes, a candidate may receive an AppendEntries RPC from
 * another server claiming to be leader. If the leader's term is at least as large
 * as the candidate's current term, then the candidate recognizes the leader as
 * legitimate and returns to follower state. (5.2) */
TEST(candidate_fallback)
{
	for (raft_term term = 1; term <= 2; term++) {
		TEST_CASE("term %llu", term);
		struct raft *r = node_1_of_3();

		raft_step_msg(r, msg_hup(1));
		EXPECT_EQ(RAFT_STATE_CANDIDATE, r->state);
		raft_step_msg(r, MSG(.from = 2, .to = 1, .term = term, .type = MSG_APP));
		EXPECT_EQ(RAFT_STATE_FOLLOWER, r->state);
		EXPECT_EQ(term, r->term);
	}
}

/* ---- Election timeouts -------------------------------------------------- */

/* silent_raft is a raft of a test that goes through many elections. */
static struct raft *silent_raft(raft_id id, int election, struct raft_memory_storage *storage)
{
	static struct raft_logger silence = {.level = RAFT_LOG_NONE};
	struct raft_config c = new_test_config(id, election, 1, storage);

	c.logger = &silence;
	return new_raft(&c);
}

/* has_messages tells whether r sends any, and drops them. */
static bool has_messages(struct raft *r)
{
	bool any;

	raft_advance_messages_after_append(r);
	any = r->msgs.len > 0;
	raft_messages_clear(&r->msgs);
	return any;
}

/* The election timeouts of followers and candidates are randomized. (5.2) */
static void test_nonleader_election_timeout_randomized(enum raft_state state)
{
	enum { ELECTION = 10 };
	struct raft *r = silent_raft(1, ELECTION, new_test_memory_storage(with_peers(1, 2, 3)));
	bool seen[2 * ELECTION] = {false};

	for (int round = 0; round < 50 * ELECTION; round++) {
		int time = 0;

		raft_become(r, state, r->term + 1, 2);
		while (!has_messages(r)) {
			r->tick(r);
			time++;
			EXPECT(time < 2 * ELECTION);
		}
		seen[time] = true;
	}
	for (int d = ELECTION; d < 2 * ELECTION; d++) {
		TEST_CASE("timeout in %d ticks should happen", d);
		EXPECT(seen[d]);
	}
}

TEST(follower_election_timeout_randomized)
{
	test_nonleader_election_timeout_randomized(RAFT_STATE_FOLLOWER);
}

TEST(candidate_election_timeout_randomized)
{
	test_nonleader_election_timeout_randomized(RAFT_STATE_CANDIDATE);
}

/* In most cases only a single server will time out, which makes split votes in the
 * new election unlikely. (5.2) */
static void test_nonleaders_election_timeout_nonconflict(enum raft_state state)
{
	enum { ELECTION = 10, SIZE = 5, ROUNDS = 1000 };
	struct raft *rs[SIZE];
	int conflicts = 0;

	for (raft_id id = 1; id <= SIZE; id++)
		rs[id - 1] = silent_raft(id, ELECTION, new_storage_by_size(SIZE));
	for (int round = 0; round < ROUNDS; round++) {
		int timeouts = 0;

		for (int i = 0; i < SIZE; i++)
			raft_become(rs[i], state, rs[i]->term + 1, RAFT_NONE);
		while (timeouts == 0) {
			for (int i = 0; i < SIZE; i++) {
				rs[i]->tick(rs[i]);
				timeouts += has_messages(rs[i]);
			}
		}
		conflicts += timeouts > 1;
	}
	TEST_CASE("%d conflicts in %d rounds", conflicts, ROUNDS);
	EXPECT(conflicts <= ROUNDS * 3 / 10);
}

TEST(followers_election_timeout_nonconflict)
{
	test_nonleaders_election_timeout_nonconflict(RAFT_STATE_FOLLOWER);
}

TEST(candidates_election_timeout_nonconflict)
{
	test_nonleaders_election_timeout_nonconflict(RAFT_STATE_CANDIDATE);
}
