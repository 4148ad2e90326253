/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Votes, one node at a time: when one is given, and what a candidate makes of
 * its own.
 */
#include "raft/rafttest/raft_testing.h"

/* Whatever a node is, it votes for a log that is newer than its own. */
static void check_vote_from_any_state(enum raft_message_type vt)
{
	static const enum raft_state states[] = {RAFT_STATE_FOLLOWER, RAFT_STATE_CANDIDATE,
		RAFT_STATE_LEADER, RAFT_STATE_PRE_CANDIDATE};

	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		struct raft *r =
			new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2, 3)));
		raft_term orig_term, new_term;
		struct raft_message *resp;

		TEST_CASE("%s, %s", raft_message_type_name(vt), raft_state_name(states[i]));
		r->term = 1;
		raft_become(r, states[i], r->term, 3);

		/* By that the term may have been raised. */
		orig_term = r->term;
		new_term = r->term + 1;

		EXPECT_EQ(RAFT_OK,
			raft_step_msg(r, MSG(.from = 2, .to = 1, .type = vt, .term = new_term,
						 .log_term = new_term, .index = 42)));
		resp = expect_one_message(r);
		EXPECT_EQ(raft_vote_resp_msg_type(vt), resp->type);
		EXPECT(!resp->reject);

		if (vt == MSG_VOTE) {
			/* A real vote makes it a follower in the new term. */
			EXPECT_EQ(RAFT_STATE_FOLLOWER, r->state);
			EXPECT_EQ(new_term, r->term);
			EXPECT_EQ(2, r->vote);
		} else {
			/* A pre-vote changes nothing. A candidate or leader has voted
			 * for itself, the others for nobody. */
			EXPECT_EQ(states[i], r->state);
			EXPECT_EQ(orig_term, r->term);
			EXPECT(r->vote == RAFT_NONE || r->vote == 1);
		}
	}
}

TEST(vote_from_any_state)
{
	check_vote_from_any_state(MSG_VOTE);
}

TEST(pre_vote_from_any_state)
{
	check_vote_from_any_state(MSG_PRE_VOTE);
}

static void check_recv_msg_vote(enum raft_message_type msg_type)
{
	/* Our log ends at index 2, term 2. */
	static const struct {
		enum raft_state state;
		raft_index index;
		raft_term log_term;
		raft_id vote_for;
		bool wreject;
	} tests[] = {
		{RAFT_STATE_FOLLOWER, 0, 0, RAFT_NONE, true},
		{RAFT_STATE_FOLLOWER, 0, 1, RAFT_NONE, true},
		{RAFT_STATE_FOLLOWER, 0, 2, RAFT_NONE, true},
		{RAFT_STATE_FOLLOWER, 0, 3, RAFT_NONE, false},

		{RAFT_STATE_FOLLOWER, 1, 0, RAFT_NONE, true},
		{RAFT_STATE_FOLLOWER, 1, 1, RAFT_NONE, true},
		{RAFT_STATE_FOLLOWER, 1, 2, RAFT_NONE, true},
		{RAFT_STATE_FOLLOWER, 1, 3, RAFT_NONE, false},

		{RAFT_STATE_FOLLOWER, 2, 0, RAFT_NONE, true},
		{RAFT_STATE_FOLLOWER, 2, 1, RAFT_NONE, true},
		{RAFT_STATE_FOLLOWER, 2, 2, RAFT_NONE, false},
		{RAFT_STATE_FOLLOWER, 2, 3, RAFT_NONE, false},

		{RAFT_STATE_FOLLOWER, 3, 0, RAFT_NONE, true},
		{RAFT_STATE_FOLLOWER, 3, 1, RAFT_NONE, true},
		{RAFT_STATE_FOLLOWER, 3, 2, RAFT_NONE, false},
		{RAFT_STATE_FOLLOWER, 3, 3, RAFT_NONE, false},

		{RAFT_STATE_FOLLOWER, 3, 2, 2, false},
		{RAFT_STATE_FOLLOWER, 3, 2, 1, true},

		{RAFT_STATE_LEADER, 3, 3, 1, true},
		{RAFT_STATE_PRE_CANDIDATE, 3, 3, 1, true},
		{RAFT_STATE_CANDIDATE, 3, 3, 1, true},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct raft *sm = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1)));
		struct raft_message *m;
		raft_term term;

		TEST_CASE("#%zu", i);
		raft_set_state(sm, tests[i].state);
		sm->vote = tests[i].vote_for;
		raft_set_log(sm, new_memory_storage_of(index_terms(0, 0, 2, 2)));

		/* This is about logs, and about votes given before in the same term;
		 * so the terms are made the same, and no lower than the logs'. */
		term = RAFT_MAX(raft_log_last_entry_id(&sm->raft_log).term, tests[i].log_term);
		sm->term = term;
		raft_step_msg(sm, MSG(.type = msg_type, .term = term, .from = 2,
					  .index = tests[i].index, .log_term = tests[i].log_term));

		m = expect_one_message(sm);
		EXPECT_EQ(raft_vote_resp_msg_type(msg_type), m->type);
		EXPECT_EQ(tests[i].wreject, m->reject);
	}
}

TEST(recv_msg_vote)
{
	check_recv_msg_vote(MSG_VOTE);
}

TEST(recv_msg_pre_vote)
{
	check_recv_msg_vote(MSG_PRE_VOTE);
}

/* A candidate's vote for itself is delivered once it is on disk. When by then it
 * knows that it has lost, the vote must have no effect. */
static void check_candidate_self_vote_after_lost_election(bool pre_vote)
{
	struct raft *sm = new_test_raft(1, 5, 1, new_test_memory_storage(with_peers(1, 2, 3)));
	struct raft_messages *steps;
	int granted, rejected;

	sm->pre_vote = pre_vote;

	/* Node 1 calls an election. */
	raft_step_msg(sm, msg_hup(1));
	steps = raft_take_messages_after_append(sm);
	EXPECT_EQ(1, steps->len);

	/* Its vote is not stable yet when it hears that node 2 has won. */
	raft_step_msg(sm, MSG(.from = 2, .to = 1, .term = sm->term, .type = MSG_HEARTBEAT));
	EXPECT_EQ(RAFT_STATE_FOLLOWER, sm->state);

	/* Its own vote comes in now; it stays a follower, and counts nothing. */
	raft_step_or_send(sm, steps);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, sm->state);
	tracker_tally_votes(&sm->trk, &granted, &rejected);
	EXPECT_EQ(0, granted);
}

TEST(candidate_self_vote_after_lost_election)
{
	check_candidate_self_vote_after_lost_election(false);
}

TEST(candidate_self_vote_after_lost_election_pre_vote)
{
	check_candidate_self_vote_after_lost_election(true);
}

TEST(candidate_delivers_pre_candidate_self_vote_after_becoming_candidate)
{
	struct raft *sm = new_test_raft(1, 5, 1, new_test_memory_storage(with_peers(1, 2, 3)));
	struct raft_messages *steps;
	int granted, rejected;

	sm->pre_vote = true;

	/* Node 1 calls an election. */
	raft_step_msg(sm, msg_hup(1));
	EXPECT_EQ(RAFT_STATE_PRE_CANDIDATE, sm->state);
	steps = raft_take_messages_after_append(sm);

	/* The pre-votes of the others come before its own: it becomes a candidate.
	 * They carry the term that the election would be in. */
	for (raft_id from = 2; from <= 3; from++)
		raft_step_msg(sm, MSG(.from = from, .to = 1, .term = sm->term + 1,
					  .type = MSG_PRE_VOTE_RESP));
	EXPECT_EQ(RAFT_STATE_CANDIDATE, sm->state);

	/* Its own pre-vote, delivered now, is no vote. */
	raft_step_or_send(sm, steps);
	EXPECT_EQ(RAFT_STATE_CANDIDATE, sm->state);

	steps = raft_take_messages_after_append(sm);

	tracker_tally_votes(&sm->trk, &granted, &rejected);
	EXPECT_EQ(0, granted);

	/* One vote of another does not make it leader ... */
	raft_step_msg(sm, MSG(.from = 2, .to = 1, .term = sm->term, .type = MSG_VOTE_RESP));
	EXPECT_EQ(RAFT_STATE_CANDIDATE, sm->state);

	/* ... its own with it does. */
	raft_step_or_send(sm, steps);
	EXPECT_EQ(RAFT_STATE_LEADER, sm->state);
}

/* A follower that knows a leader does not vote against it in its own term, though
 * it has given no vote. (By then the candidate cannot win; but two nodes that
 * know one leader must not disagree about who else might be.) */
TEST(vote_not_against_known_leader)
{
	struct raft *r = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2, 3)));
	struct raft_message *m;

	raft_become_follower(r, 2, 3);
	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_VOTE, .term = 2));
	m = expect_one_message(r);
	EXPECT_EQ(MSG_VOTE_RESP, m->type);
	EXPECT(m->reject);
	EXPECT_EQ(RAFT_NONE, r->vote);
}
