/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Check-quorum: a leader that does not hear from a quorum steps down, and those
 * who hear from a leader do not vote for another (thesis sections 6.2, 4.2.3).
 */
#include "raft/rafttest/raft_testing.h"

static struct network *new_three_checking(void)
{
	struct network *nt = new_network(NULL, NULL, NULL);

	for (raft_id id = 1; id <= 3; id++)
		nt->peers[id]->check_quorum = true;
	return nt;
}

static struct raft *new_leader_checking(void)
{
	struct raft *sm = new_test_raft(1, 5, 1, new_test_memory_storage(with_peers(1, 2, 3)));

	sm->check_quorum = true;
	raft_become_candidate(sm);
	raft_become_leader(sm);
	return sm;
}

TEST(leader_stepdown_when_quorum_active)
{
	struct raft *sm = new_leader_checking();

	for (int i = 0; i < sm->election_timeout + 1; i++) {
		raft_step_msg(sm, MSG(.from = 2, .type = MSG_HEARTBEAT_RESP, .term = sm->term));
		sm->tick(sm);
	}

	EXPECT_EQ(RAFT_STATE_LEADER, sm->state);
}

TEST(leader_stepdown_when_quorum_lost)
{
	struct raft *sm = new_leader_checking();

	raft_tick_n(sm, sm->election_timeout + 1);

	EXPECT_EQ(RAFT_STATE_FOLLOWER, sm->state);
}

TEST(leader_superseding_with_check_quorum)
{
	struct network *nt = new_three_checking();
	struct raft *a = nt->peers[1], *b = nt->peers[2], *c = nt->peers[3];

	set_randomized_election_timeout(b, b->election_timeout + 1);

	raft_tick_n(b, b->election_timeout);
	network_send(nt, msg_hup(1));

	EXPECT_EQ(RAFT_STATE_LEADER, a->state);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, c->state);

	network_send(nt, msg_hup(3));

	/* Node 2 did not vote for node 3: it has heard from the leader lately. */
	EXPECT_EQ(RAFT_STATE_CANDIDATE, c->state);

	/* Let it not hear from it for an election timeout. */
	raft_tick_n(b, b->election_timeout);
	network_send(nt, msg_hup(3));

	EXPECT_EQ(RAFT_STATE_LEADER, c->state);
}

TEST(leader_election_with_check_quorum)
{
	struct network *nt = new_three_checking();
	struct raft *a = nt->peers[1], *b = nt->peers[2], *c = nt->peers[3];

	set_randomized_election_timeout(a, a->election_timeout + 1);
	set_randomized_election_timeout(b, b->election_timeout + 2);

	/* At the very beginning votes are given without waiting. */
	network_send(nt, msg_hup(1));

	EXPECT_EQ(RAFT_STATE_LEADER, a->state);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, c->state);

	/* The changes of role have drawn new timeouts. */
	set_randomized_election_timeout(a, a->election_timeout + 1);
	set_randomized_election_timeout(b, b->election_timeout + 2);
	raft_tick_n(a, a->election_timeout);
	raft_tick_n(b, b->election_timeout);
	network_send(nt, msg_hup(3));

	EXPECT_EQ(RAFT_STATE_FOLLOWER, a->state);
	EXPECT_EQ(RAFT_STATE_LEADER, c->state);
}

/* A candidate of a higher term makes the leader step down even while its lease
 * lasts: else the candidate, whom nobody follows or votes for, would be stuck. */
TEST(free_stuck_candidate_with_check_quorum)
{
	struct network *nt = new_three_checking();
	struct raft *a = nt->peers[1], *b = nt->peers[2], *c = nt->peers[3];

	set_randomized_election_timeout(b, b->election_timeout + 1);

	raft_tick_n(b, b->election_timeout);
	network_send(nt, msg_hup(1));

	network_isolate(nt, 1);
	network_send(nt, msg_hup(3));

	EXPECT_EQ(RAFT_STATE_FOLLOWER, b->state);
	EXPECT_EQ(RAFT_STATE_CANDIDATE, c->state);
	EXPECT_EQ(b->term + 1, c->term);

	/* The same once more. */
	network_send(nt, msg_hup(3));

	EXPECT_EQ(RAFT_STATE_FOLLOWER, b->state);
	EXPECT_EQ(RAFT_STATE_CANDIDATE, c->state);
	EXPECT_EQ(b->term + 2, c->term);

	/* A heartbeat reaches the candidate, and its answer the leader. */
	network_recover(nt);
	network_send(nt, MSG(.from = 1, .to = 3, .type = MSG_HEARTBEAT, .term = a->term));

	EXPECT_EQ(RAFT_STATE_FOLLOWER, a->state);
	EXPECT_EQ(a->term, c->term);

	/* Now it can be elected. */
	network_send(nt, msg_hup(3));

	EXPECT_EQ(RAFT_STATE_LEADER, c->state);
}

TEST(non_promotable_voter_with_check_quorum)
{
	struct network *nt = new_network(NULL, NULL);
	struct raft *a = nt->peers[1], *b = nt->peers[2];

	a->check_quorum = true;
	b->check_quorum = true;
	set_randomized_election_timeout(b, b->election_timeout + 1);
	/* Node 2 does not know itself as a member. */
	raft_apply_simple_conf_change(b, RAFT_CONF_CHANGE_REMOVE_NODE, 2);

	EXPECT(!raft_promotable(b));

	raft_tick_n(b, b->election_timeout);
	network_send(nt, msg_hup(1));

	EXPECT_EQ(RAFT_STATE_LEADER, a->state);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, b->state);
	EXPECT_EQ(1, b->lead);
}

/* A follower whose network from the leader is slow times out and becomes a
 * candidate in a higher term; its answer to the leader's late heartbeat then
 * makes the leader step down. */
TEST(disruptive_follower)
{
	struct network *nt = new_three_checking();
	struct raft *n1 = nt->peers[1], *n2 = nt->peers[2], *n3 = nt->peers[3];

	for (raft_id id = 1; id <= 3; id++)
		raft_become_follower(nt->peers[id], 1, RAFT_NONE);

	network_send(nt, msg_hup(1));

	EXPECT_EQ(RAFT_STATE_LEADER, n1->state);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, n2->state);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, n3->state);

	/* Ticks pass while the leader's messages are on their way. (etcd's server
	 * also skips ticks on a restart, to be quick where timeouts are long.) */
	set_randomized_election_timeout(n3, n3->election_timeout + 2);
	raft_tick_n(n3, n3->randomized_election_timeout - 1);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, n3->state);

	/* With luck a message would come before the last tick, and begin the time
	 * anew. It does not. */
	n3->tick(n3);

	EXPECT_EQ(RAFT_STATE_LEADER, n1->state);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, n2->state);
	EXPECT_EQ(RAFT_STATE_CANDIDATE, n3->state);

	EXPECT_EQ(2, n1->term);
	EXPECT_EQ(2, n2->term);
	EXPECT_EQ(3, n3->term);

	/* The candidate's vote requests have not left yet when a heartbeat of the
	 * leader, of a lower term, arrives. */
	network_send(nt, MSG(.from = 1, .to = 3, .term = n1->term, .type = MSG_HEARTBEAT));

	/* It is answered with a MsgAppResp of the higher term, by which the leader
	 * steps down. */
	EXPECT_EQ(RAFT_STATE_FOLLOWER, n1->state);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, n2->state);
	EXPECT_EQ(RAFT_STATE_CANDIDATE, n3->state);

	EXPECT_EQ(3, n1->term);
	EXPECT_EQ(2, n2->term);
	EXPECT_EQ(3, n3->term);
}
