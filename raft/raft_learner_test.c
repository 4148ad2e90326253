/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Learners: members that receive the log and do not count (thesis section 4.2.1).
 */
#include "raft/rafttest/raft_testing.h"

static struct raft *new_raft_with_learner(raft_id id)
{
	return new_test_raft(id, 10, 1, new_test_memory_storage(with_peers(1), with_learners(2)));
}

/* Node 1, the only voter, and node 2, a learner, both in term 1. */
static struct network *new_network_with_learner(void)
{
	struct raft *n1 = new_raft_with_learner(1), *n2 = new_raft_with_learner(2);

	raft_become_follower(n1, 1, RAFT_NONE);
	raft_become_follower(n2, 1, RAFT_NONE);
	return new_network(n1, n2);
}

/* r times out. */
static void time_out(struct raft *r)
{
	set_randomized_election_timeout(r, r->election_timeout);
	raft_tick_n(r, r->election_timeout);
	raft_advance_messages_after_append(r);
}

/* A learner does not campaign when it times out. */
TEST(learner_election_timeout)
{
	struct raft *n2 = new_raft_with_learner(2);

	raft_become_follower(n2, 1, RAFT_NONE);
	time_out(n2);

	EXPECT_EQ(RAFT_STATE_FOLLOWER, n2->state);
}

/* It does once it has become a voter. */
TEST(learner_promotion)
{
	struct network *nt = new_network_with_learner();
	struct raft *n1 = nt->peers[1], *n2 = nt->peers[2];

	EXPECT(n1->state != RAFT_STATE_LEADER);

	time_out(n1);
	EXPECT_EQ(RAFT_STATE_LEADER, n1->state);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, n2->state);

	network_send(nt, msg_beat(1));

	raft_apply_simple_conf_change(n1, RAFT_CONF_CHANGE_ADD_NODE, 2);
	raft_apply_simple_conf_change(n2, RAFT_CONF_CHANGE_ADD_NODE, 2);
	EXPECT(!n2->is_learner);

	time_out(n2);
	network_send(nt, msg_beat(2));

	EXPECT_EQ(RAFT_STATE_FOLLOWER, n1->state);
	EXPECT_EQ(RAFT_STATE_LEADER, n2->state);
}

/* A learner votes when it is asked: whoever asks may know that it has become a
 * voter when it does not know it itself yet. */
TEST(learner_can_vote)
{
	struct raft *n2 = new_raft_with_learner(2);
	struct raft_message *m;

	raft_become_follower(n2, 1, RAFT_NONE);

	raft_step_msg(n2,
		MSG(.from = 1, .to = 2, .term = 2, .type = MSG_VOTE, .log_term = 11, .index = 11));

	m = expect_one_message(n2);
	EXPECT_EQ(MSG_VOTE_RESP, m->type);
	EXPECT(!m->reject);
}

/* A learner receives the log. */
TEST(learner_log_replication)
{
	struct network *nt = new_network_with_learner();
	struct raft *n1 = nt->peers[1], *n2 = nt->peers[2];

	time_out(n1);
	network_send(nt, msg_beat(1));

	EXPECT_EQ(RAFT_STATE_LEADER, n1->state);
	EXPECT(n2->is_learner);

	network_send(nt, msg_prop(1, "somedata"));

	EXPECT_EQ(2, n1->raft_log.committed);
	EXPECT_EQ(n1->raft_log.committed, n2->raft_log.committed);
	EXPECT_EQ(n2->raft_log.committed, raft_progress(n1, 2)->match);
}

/* A learner receives a snapshot when the log does not go back far enough. */
TEST(learner_receive_snapshot)
{
	struct raft_snapshot *s = new_test_snapshot(11, 11, with_peers(1), with_learners(2));
	struct raft_memory_storage *store =
		new_test_memory_storage(with_peers(1), with_learners(2));
	struct raft *n1 = new_test_raft(1, 10, 1, store);
	struct raft *n2 = new_raft_with_learner(2);
	struct raft_snapshot *snap;
	struct network *nt;

	/* Node 1 has a snapshot, and no entries before it. */
	raft_restore(n1, s);
	snap = raft_log_next_unstable_snapshot(&n1->raft_log);
	raft_memory_storage_apply_snapshot(store, snap);
	raft_applied_snap(n1, snap);

	nt = new_network(n1, n2);

	set_randomized_election_timeout(n1, n1->election_timeout);
	raft_tick_n(n1, n1->election_timeout);

	network_send(nt, msg_beat(1));

	EXPECT(n2->raft_log.committed >= 11);
	EXPECT_EQ(n1->raft_log.committed, n2->raft_log.committed);
}

/* A learner does not campaign, not even when it is told to. */
TEST(learner_campaign)
{
	struct raft *n1 = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1)));
	struct raft *n2 = new_test_raft(2, 10, 1, new_test_memory_storage(with_peers(1)));
	struct network *nt;

	raft_apply_simple_conf_change(n1, RAFT_CONF_CHANGE_ADD_LEARNER_NODE, 2);
	raft_apply_simple_conf_change(n2, RAFT_CONF_CHANGE_ADD_LEARNER_NODE, 2);
	nt = new_network(n1, n2);
	network_send(nt, msg_hup(2));

	EXPECT(n2->is_learner);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, n2->state);

	network_send(nt, msg_hup(1));
	EXPECT_EQ(RAFT_STATE_LEADER, n1->state);
	EXPECT_EQ(1, n1->lead);

	/* The leader does not transfer leadership to a learner; but it may have
	 * become one after the leader looked. */
	network_send(nt, MSG(.from = 1, .to = 2, .type = MSG_TIMEOUT_NOW));
	EXPECT_EQ(RAFT_STATE_FOLLOWER, n2->state);
}
