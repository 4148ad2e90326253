/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pre-vote (thesis section 9.6): nodes that come back from isolation do not
 * disturb a cluster that works, and do not keep another from electing a leader.
 */
#include "raft/rafttest/raft_testing.h"

static struct network *new_three_followers(void)
{
	struct network *nt = new_network(NULL, NULL, NULL);

	for (raft_id id = 1; id <= 3; id++)
		raft_become_follower(nt->peers[id], 1, RAFT_NONE);
	return nt;
}

static struct network *new_three_pre_voters(void)
{
	struct network *nt = new_three_followers();

	for (raft_id id = 1; id <= 3; id++)
		nt->peers[id]->pre_vote = true;
	return nt;
}

static void expect_states(
	const struct network *nt, enum raft_state s1, enum raft_state s2, enum raft_state s3)
{
	EXPECT_EQ(s1, nt->peers[1]->state);
	EXPECT_EQ(s2, nt->peers[2]->state);
	EXPECT_EQ(s3, nt->peers[3]->state);
}

static void expect_terms(const struct network *nt, raft_term t1, raft_term t2, raft_term t3)
{
	EXPECT_EQ(t1, nt->peers[1]->term);
	EXPECT_EQ(t2, nt->peers[2]->term);
	EXPECT_EQ(t3, nt->peers[3]->term);
}

/* A node that was partitioned away, and has fallen behind, comes back at about
 * the time when the leader is partitioned away. Once the cluster came to a
 * standstill by that. */
TEST(node_with_smaller_term_can_complete_election)
{
	struct network *nt = new_three_pre_voters();

	network_cut(nt, 1, 3);
	network_cut(nt, 2, 3);

	network_send(nt, msg_hup(1));
	EXPECT_EQ(RAFT_STATE_LEADER, nt->peers[1]->state);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, nt->peers[2]->state);

	network_send(nt, msg_hup(3));
	EXPECT_EQ(RAFT_STATE_PRE_CANDIDATE, nt->peers[3]->state);

	network_send(nt, msg_hup(2));

	expect_terms(nt, 3, 3, 1);
	expect_states(nt, RAFT_STATE_FOLLOWER, RAFT_STATE_LEADER, RAFT_STATE_PRE_CANDIDATE);

	/* Bring back node 3, and let the leader, node 2, crash. */
	network_recover(nt);
	network_cut(nt, 2, 1);
	network_cut(nt, 2, 3);

	network_send(nt, msg_hup(3));
	network_send(nt, msg_hup(1));

	EXPECT(nt->peers[1]->state == RAFT_STATE_LEADER ||
		nt->peers[3]->state == RAFT_STATE_LEADER);
}

/* After a split vote the next round can elect a leader. */
TEST(pre_vote_with_split_vote)
{
	struct network *nt = new_three_pre_voters();

	network_send(nt, msg_hup(1));

	/* The leader goes down, and the followers split the vote. */
	network_isolate(nt, 1);
	network_send_all(nt, (struct raft_message[]){msg_hup(2), msg_hup(3)}, 2);

	EXPECT_EQ(3, nt->peers[2]->term);
	EXPECT_EQ(3, nt->peers[3]->term);
	EXPECT_EQ(RAFT_STATE_CANDIDATE, nt->peers[2]->state);
	EXPECT_EQ(RAFT_STATE_CANDIDATE, nt->peers[3]->state);

	/* Node 2 is the first to try again. */
	network_send(nt, msg_hup(2));

	EXPECT_EQ(4, nt->peers[2]->term);
	EXPECT_EQ(4, nt->peers[3]->term);
	EXPECT_EQ(RAFT_STATE_LEADER, nt->peers[2]->state);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, nt->peers[3]->state);
}

/* A pre-candidate gives its pre-vote to another, lease or no lease. */
TEST(pre_vote_with_check_quorum)
{
	struct network *nt = new_three_pre_voters();

	for (raft_id id = 1; id <= 3; id++)
		nt->peers[id]->check_quorum = true;
	network_send(nt, msg_hup(1));

	/* Node 1 is isolated; the others know it as leader. */
	network_isolate(nt, 1);
	expect_states(nt, RAFT_STATE_LEADER, RAFT_STATE_FOLLOWER, RAFT_STATE_FOLLOWER);

	/* Node 2 ignores the pre-vote of node 3. */
	network_send(nt, msg_hup(3));
	network_send(nt, msg_hup(2));

	EXPECT(nt->peers[2]->state == RAFT_STATE_LEADER ||
		nt->peers[3]->state == RAFT_STATE_FOLLOWER);
}

/* The leader's log has grown while a follower was isolated; with pre-vote the
 * follower's campaign then disrupts nobody. */
TEST(disruptive_follower_pre_vote)
{
	struct network *nt = new_three_followers();

	for (raft_id id = 1; id <= 3; id++)
		nt->peers[id]->check_quorum = true;

	network_send(nt, msg_hup(1));
	expect_states(nt, RAFT_STATE_LEADER, RAFT_STATE_FOLLOWER, RAFT_STATE_FOLLOWER);

	network_isolate(nt, 3);
	for (int i = 0; i < 3; i++)
		network_send(nt, msg_prop(1, "somedata"));
	for (raft_id id = 1; id <= 3; id++)
		nt->peers[id]->pre_vote = true;
	network_recover(nt);
	network_send(nt, msg_hup(3));

	expect_states(nt, RAFT_STATE_LEADER, RAFT_STATE_FOLLOWER, RAFT_STATE_PRE_CANDIDATE);
	expect_terms(nt, 2, 2, 2);

	/* Nor does the answer to a heartbeat that comes late. */
	network_send(
		nt, MSG(.from = 1, .to = 3, .term = nt->peers[1]->term, .type = MSG_HEARTBEAT));
	EXPECT_EQ(RAFT_STATE_LEADER, nt->peers[1]->state);
}

/* A rolling upgrade that switches pre-vote on, one node after the other:
 * - node 1 leads in term 2;
 * - node 2 follows in term 2;
 * - node 3 was partitioned away without pre-vote, has campaigned up to term 4,
 *   and has a shorter log. Now it is back, with pre-vote on. */
static struct network *new_pre_vote_migration_cluster(void)
{
	struct network *nt = new_three_followers();

	nt->peers[1]->pre_vote = true;
	nt->peers[2]->pre_vote = true;

	network_send(nt, msg_hup(1));

	network_isolate(nt, 3);
	network_send(nt, msg_prop(1, "some data"));
	network_send(nt, msg_hup(3));
	network_send(nt, msg_hup(3));

	expect_states(nt, RAFT_STATE_LEADER, RAFT_STATE_FOLLOWER, RAFT_STATE_CANDIDATE);
	expect_terms(nt, 2, 2, 4);

	nt->peers[3]->pre_vote = true;
	network_recover(nt);
	return nt;
}

TEST(pre_vote_migration_can_complete_election)
{
	struct network *nt = new_pre_vote_migration_cluster();
	struct raft *n2 = nt->peers[2], *n3 = nt->peers[3];

	/* The leader goes down. */
	network_isolate(nt, 1);

	/* Both of the others call for an election. */
	network_send(nt, msg_hup(3));
	network_send(nt, msg_hup(2));

	EXPECT_EQ(RAFT_STATE_FOLLOWER, n2->state);
	EXPECT_EQ(RAFT_STATE_PRE_CANDIDATE, n3->state);

	network_send(nt, msg_hup(3));
	network_send(nt, msg_hup(2));

	EXPECT(n2->state == RAFT_STATE_LEADER || n3->state == RAFT_STATE_FOLLOWER);
}

TEST(pre_vote_migration_with_free_stuck_pre_candidate)
{
	struct network *nt = new_pre_vote_migration_cluster();
	struct raft *n1 = nt->peers[1], *n3 = nt->peers[3];

	/* Node 3 may try as often as it likes. */
	for (int i = 0; i < 2; i++) {
		network_send(nt, msg_hup(3));
		expect_states(nt, RAFT_STATE_LEADER, RAFT_STATE_FOLLOWER, RAFT_STATE_PRE_CANDIDATE);
	}

	network_send(nt, MSG(.from = 1, .to = 3, .type = MSG_HEARTBEAT, .term = n1->term));

	/* The answer, of a higher term, makes the leader step down: that frees the
	 * node that is stuck. */
	EXPECT_EQ(RAFT_STATE_FOLLOWER, n1->state);
	EXPECT_EQ(n1->term, n3->term);
}
