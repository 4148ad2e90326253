/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The election clock: what restarts it and what does not (paper section 5.2 and
 * the rules for followers in figure 2). Not in the original's raft_test.go, where
 * only the network tests need some of it.
 */
#include "raft/rafttest/raft_testing.h"

static struct raft *new_follower(raft_term term, raft_id lead)
{
	struct raft *r = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2, 3)));

	raft_become_follower(r, term, lead);
	set_randomized_election_timeout(r, 15);
	return r;
}

/* A follower that hears from the leader of its term waits anew, and knows it. */
TEST(follower_clock_restarts_by_leader)
{
	static const enum raft_message_type types[] = {MSG_APP, MSG_HEARTBEAT, MSG_SNAP};

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct raft *r = new_follower(2, RAFT_NONE);

		TEST_CASE("%s", raft_message_type_name(types[i]));
		raft_tick_n(r, 9);
		EXPECT_EQ(9, r->election_elapsed);
		raft_step_msg(r, MSG(.from = 2, .to = 1, .type = types[i], .term = 2));
		EXPECT_EQ(0, r->election_elapsed);
		EXPECT_EQ(2, r->lead);
	}
}

/* Giving one's vote restarts the clock; being asked for it does not, nor does a
 * pre-vote. */
TEST(follower_clock_restarts_by_vote)
{
	static const struct {
		enum raft_message_type type;
		raft_term term;
		raft_index index; /* of the candidate's last entry; ours is 1 */
		int welapsed;
	} tests[] = {
		{MSG_VOTE, 2, 1, 0},
		{MSG_VOTE, 2, 0, 9},
		{MSG_PRE_VOTE, 3, 1, 9},
		{MSG_PRE_VOTE, 3, 0, 9},
		/* A new term is a new start, vote or no vote. */
		{MSG_VOTE, 3, 0, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct raft *r = new_follower(2, RAFT_NONE);

		TEST_CASE("#%zu", i);
		raft_set_log(r, new_memory_storage_of(index_terms(0, 0, 1)));
		raft_tick_n(r, 9);
		raft_step_msg(
			r, MSG(.from = 2, .to = 1, .type = tests[i].type, .term = tests[i].term,
				   .index = tests[i].index, .log_term = tests[i].index));
		EXPECT_EQ(tests[i].index == 0, expect_one_message(r)->reject);
		EXPECT_EQ(tests[i].welapsed, r->election_elapsed);
	}
}

/* Expects r to ask for votes (by type, in term) with its next tick, not before. */
static void expect_campaign_after(
	struct raft *r, int ticks, enum raft_message_type type, raft_term term)
{
	struct raft_messages *msgs;

	raft_tick_n(r, ticks - 1);
	EXPECT_EQ(0, raft_read_messages(r)->len);
	r->tick(r);
	EXPECT_EQ(0, r->election_elapsed);
	EXPECT_EQ(RAFT_NONE, r->lead);
	msgs = raft_read_messages(r);
	EXPECT_EQ(2, msgs->len);
	for (uint32_t i = 0; i < msgs->len; i++) {
		EXPECT_EQ(type, msgs->v[i].type);
		EXPECT_EQ(term, msgs->v[i].term);
	}
}

/* A candidate that does not win tries again in the next term, after a timeout of
 * its own. */
TEST(candidate_times_out_again)
{
	struct raft *r = new_follower(1, 2);

	for (raft_term term = 2; term <= 4; term++) {
		TEST_CASE("term %llu", term);
		expect_campaign_after(r, r->randomized_election_timeout, MSG_VOTE, term);
		EXPECT_EQ(RAFT_STATE_CANDIDATE, r->state);
		EXPECT_EQ(term, r->term);
	}
}

/* A pre-candidate as well; but it stays in its term. */
TEST(pre_candidate_times_out_again)
{
	struct raft *r = new_follower(1, 2);

	r->pre_vote = true;
	for (int round = 1; round <= 3; round++) {
		TEST_CASE("round %d", round);
		expect_campaign_after(r, r->randomized_election_timeout, MSG_PRE_VOTE, 2);
		EXPECT_EQ(RAFT_STATE_PRE_CANDIDATE, r->state);
		EXPECT_EQ(1, r->term);
	}
}

/* A leader sends heartbeats every heartbeat_timeout ticks, for ever. */
TEST(leader_clock)
{
	struct raft *r = new_test_raft(1, 10, 3, new_test_memory_storage(with_peers(1, 2, 3)));

	raft_become_candidate(r);
	raft_become_leader(r);
	raft_read_messages(r);
	for (int round = 0; round < 10; round++) {
		struct raft_messages *msgs;

		raft_tick_n(r, 2);
		EXPECT_EQ(0, raft_read_messages(r)->len);
		r->tick(r);
		msgs = raft_read_messages(r);
		EXPECT_EQ(2, msgs->len);
		EXPECT_EQ(MSG_HEARTBEAT, msgs->v[0].type);
		EXPECT_EQ(MSG_HEARTBEAT, msgs->v[1].type);
	}
	EXPECT_EQ(RAFT_STATE_LEADER, r->state);
}
