/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Snapshots in place of the log (paper section 7): taking one over, and sending
 * one to whom the log no longer reaches.
 */
#include "raft/rafttest/raft_testing.h"

/* Expects the state after the snapshot at index 11, term 11. */
static void expect_restored(struct raft *sm)
{
	raft_term term;

	EXPECT_EQ(11, raft_log_last_index(&sm->raft_log));
	EXPECT_EQ(RAFT_OK, raft_log_term(&sm->raft_log, 11, &term));
	EXPECT_EQ(11, term);
}

/* A node does not campaign before it has applied its snapshot. */
static void expect_no_campaign(struct raft *sm)
{
	raft_tick_n(sm, sm->randomized_election_timeout);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, sm->state);
}

TEST(restore)
{
	struct raft_snapshot *s = new_test_snapshot(11, 11, with_peers(1, 2, 3));
	struct raft *sm = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2)));

	EXPECT(raft_restore(sm, s));
	expect_restored(sm);
	EXPECT_STR_EQ("[1 2 3]", voter_nodes(sm));

	/* A second time there is nothing new in it. */
	EXPECT(!raft_restore(sm, s));
	expect_no_campaign(sm);
}

TEST(restore_with_learner)
{
	struct raft_snapshot *s = new_test_snapshot(11, 11, with_peers(1, 2), with_learners(3));
	struct raft *sm =
		new_test_raft(3, 8, 2, new_test_memory_storage(with_peers(1, 2), with_learners(3)));

	EXPECT(raft_restore(sm, s));
	expect_restored(sm);
	EXPECT_STR_EQ("[1 2]", voter_nodes(sm));
	EXPECT_STR_EQ("[3]", learner_nodes(sm));
	EXPECT(!raft_progress(sm, 1)->is_learner);
	EXPECT(!raft_progress(sm, 2)->is_learner);
	EXPECT(raft_progress(sm, 3)->is_learner);

	EXPECT(!raft_restore(sm, s));
}

/* A joint configuration. */
TEST(restore_with_voters_outgoing)
{
	struct raft_snapshot *s =
		new_test_snapshot(11, 11, with_peers(2, 3, 4), .voters_outgoing = IDS(1, 2, 3));
	struct raft *sm = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2)));

	EXPECT(raft_restore(sm, s));
	expect_restored(sm);
	EXPECT_STR_EQ("[1 2 3 4]", voter_nodes(sm));

	EXPECT(!raft_restore(sm, s));
	expect_no_campaign(sm);
}

/* A snapshot may turn a voter into a learner. No single change does; but several
 * are behind a snapshot: the node may have been removed, and added again as a
 * learner. It must take the snapshot, or it is cut off from the log for good. */
TEST(restore_voter_to_learner)
{
	struct raft_snapshot *s = new_test_snapshot(11, 11, with_peers(1, 2), with_learners(3));
	struct raft *sm = new_test_raft(3, 10, 1, new_test_memory_storage(with_peers(1, 2, 3)));

	EXPECT(!sm->is_learner);
	EXPECT(raft_restore(sm, s));
	EXPECT(sm->is_learner);
}

TEST(restore_learner_promotion)
{
	struct raft_snapshot *s = new_test_snapshot(11, 11, with_peers(1, 2, 3));
	struct raft *sm = new_test_raft(
		3, 10, 1, new_test_memory_storage(with_peers(1, 2), with_learners(3)));

	EXPECT(sm->is_learner);
	EXPECT(raft_restore(sm, s));
	EXPECT(!sm->is_learner);
}

TEST(restore_ignore_snapshot)
{
	const struct raft_entries *previous_ents = index_terms(1, 1, 1, 1);
	struct raft *sm = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2)));
	const raft_index commit = 1;

	raft_log_append(&sm->raft_log, previous_ents->v, previous_ents->len);
	raft_log_commit_to(&sm->raft_log, commit);

	/* All of it is committed: ignored. */
	EXPECT(!raft_restore(sm, new_test_snapshot(commit, 1, with_peers(1, 2))));
	EXPECT_EQ(commit, sm->raft_log.committed);

	/* All of it is in the log: ignored, but it is known to be committed now. */
	EXPECT(!raft_restore(sm, new_test_snapshot(commit + 1, 1, with_peers(1, 2))));
	EXPECT_EQ(commit + 1, sm->raft_log.committed);
}

TEST(restore_from_snap_msg)
{
	struct raft_snapshot *s = new_test_snapshot(11, 11, with_peers(1, 2));
	struct raft *sm = new_test_raft(2, 10, 1, new_test_memory_storage(with_peers(1, 2)));
	struct raft_message *m;

	raft_step_msg(
		sm, MSG(.type = MSG_SNAP, .from = 1, .term = 2, .snapshot = raft_snapshot_ref(s)));

	EXPECT_EQ(1, sm->lead);
	expect_restored(sm);
	m = expect_one_message(sm);
	EXPECT_EQ(MSG_APP_RESP, m->type);
	EXPECT_EQ(11, m->index);
}

/* A leader whose log begins after a snapshot at index 11. */
static struct raft *new_leader_after_snapshot(void)
{
	struct raft_snapshot *s = new_test_snapshot(11, 11, with_peers(1, 2));
	struct raft *sm = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1)));

	raft_restore(sm, s);
	raft_become_candidate(sm);
	raft_become_leader(sm);
	return sm;
}

TEST(provide_snap)
{
	struct raft *sm = new_leader_after_snapshot();

	/* Node 2 turns out to need entries from before the log begins. */
	raft_progress(sm, 2)->next = raft_log_first_index(&sm->raft_log);
	raft_step_msg(sm, MSG(.from = 2, .to = 1, .type = MSG_APP_RESP,
				  .index = raft_progress(sm, 2)->next - 1, .reject = true));

	EXPECT_EQ(MSG_SNAP, expect_one_message(sm)->type);
}

TEST(ignore_providing_snap)
{
	struct raft *sm = new_leader_after_snapshot();

	/* Node 2 needs a snapshot, but has not been heard of: none is sent. */
	raft_progress(sm, 2)->next = raft_log_first_index(&sm->raft_log) - 1;
	raft_progress(sm, 2)->recent_active = false;

	raft_step_msg(sm, msg_prop(1, "somedata"));

	EXPECT_EQ(0, raft_read_messages(sm)->len);
}

TEST(slow_node_restore)
{
	struct network *nt = new_network(NULL, NULL, NULL);
	struct raft *lead = nt->peers[1], *follower = nt->peers[3];
	struct raft_conf_state cs;

	network_send(nt, msg_hup(1));

	network_isolate(nt, 3);
	for (int i = 0; i <= 100; i++)
		network_send(nt, msg_prop(1, NULL));
	next_ents(lead, nt->storage[1]);
	tracker_conf_state(&lead->trk, &cs);
	raft_memory_storage_create_snapshot(
		nt->storage[1], lead->raft_log.applied, &cs, NULL, NULL);
	raft_memory_storage_compact(nt->storage[1], lead->raft_log.applied);

	network_recover(nt);
	/* By a heartbeat the leader learns that node 3 is active. */
	do {
		network_send(nt, msg_beat(1));
	} while (!raft_progress(lead, 3)->recent_active);

	/* A proposal brings it a snapshot, another one what is committed since. */
	network_send(nt, msg_prop(1, NULL));
	network_send(nt, msg_prop(1, NULL));
	EXPECT_EQ(lead->raft_log.committed, follower->raft_log.committed);
}
