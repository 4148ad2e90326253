/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leadership transfer (thesis section 3.10).
 */
#include "raft/rafttest/raft_testing.h"

/* The first leader of all these tests is node 1. */
static struct network *new_network_led_by_1(void)
{
	struct network *nt = new_network(NULL, NULL, NULL);

	network_send(nt, msg_hup(1));
	EXPECT_EQ(RAFT_STATE_LEADER, nt->peers[1]->state);
	return nt;
}

/* Asks node to for a transfer to transferee. */
static struct raft_message msg_transfer(raft_id transferee, raft_id to)
{
	return MSG(.from = transferee, .to = to, .type = MSG_TRANSFER_LEADER);
}

/* Nobody is being transferred to any more, whoever leads now. */
static void check_leader_transfer_state(struct raft *r, enum raft_state state, raft_id lead)
{
	EXPECT_EQ(state, r->state);
	EXPECT_EQ(lead, r->lead);
	EXPECT_EQ(RAFT_NONE, r->lead_transferee);
}

/* Asks for a transfer to node 3, which does not come to its end. */
static void begin_transfer_to_3(struct network *nt)
{
	network_send(nt, msg_transfer(3, 1));
	EXPECT_EQ(3, nt->peers[1]->lead_transferee);
}

/* The transferee's log is up to date. */
TEST(leader_transfer_to_up_to_date_node)
{
	struct network *nt = new_network_led_by_1();
	struct raft *lead = nt->peers[1];

	EXPECT_EQ(1, lead->lead);

	network_send(nt, msg_transfer(2, 1));
	check_leader_transfer_state(lead, RAFT_STATE_FOLLOWER, 2);

	/* And back again after some replication. */
	network_send(nt, msg_prop(1, NULL));
	network_send(nt, msg_transfer(1, 2));
	check_leader_transfer_state(lead, RAFT_STATE_LEADER, 1);
}

/* The same; but followers are asked, who pass it on to the leader. */
TEST(leader_transfer_to_up_to_date_node_from_follower)
{
	struct network *nt = new_network_led_by_1();
	struct raft *lead = nt->peers[1];

	EXPECT_EQ(1, lead->lead);

	network_send(nt, msg_transfer(2, 2));
	check_leader_transfer_state(lead, RAFT_STATE_FOLLOWER, 2);

	network_send(nt, msg_prop(1, NULL));
	network_send(nt, msg_transfer(1, 1));
	check_leader_transfer_state(lead, RAFT_STATE_LEADER, 1);
}

/* The leader's lease is no obstacle. */
TEST(leader_transfer_with_check_quorum)
{
	struct network *nt = new_network(NULL, NULL, NULL);
	struct raft *lead = nt->peers[1], *f = nt->peers[2];

	for (int i = 1; i <= 3; i++) {
		struct raft *r = nt->peers[i];

		r->check_quorum = true;
		set_randomized_election_timeout(r, r->election_timeout + i);
	}

	/* Node 2 has waited long enough to vote for node 1. */
	raft_tick_n(f, f->election_timeout);
	network_send(nt, msg_hup(1));
	EXPECT_EQ(RAFT_STATE_LEADER, lead->state);

	network_send(nt, msg_transfer(2, 1));
	check_leader_transfer_state(lead, RAFT_STATE_FOLLOWER, 2);

	network_send(nt, msg_prop(1, NULL));
	network_send(nt, msg_transfer(1, 2));
	check_leader_transfer_state(lead, RAFT_STATE_LEADER, 1);
}

TEST(leader_transfer_to_slow_follower)
{
	struct network *nt = new_network_led_by_1();
	struct raft *lead = nt->peers[1];

	network_isolate(nt, 3);
	network_send(nt, msg_prop(1, NULL));
	network_recover(nt);
	EXPECT_EQ(1, raft_progress(lead, 3)->match);

	/* Node 3 lacks an entry; it is sent first. */
	network_send(nt, msg_transfer(3, 1));
	check_leader_transfer_state(lead, RAFT_STATE_FOLLOWER, 3);
}

/* Keeps back the MsgAppResp of node 3 that says that it has the snapshot. */
static bool keep_back_app_resp(struct network *nt, struct raft_message *m)
{
	if (m->type != MSG_APP_RESP || m->from != 3 || m->reject)
		return true;
	raft_message_free(nt->hook_arg);
	*(struct raft_message *)nt->hook_arg = raft_message_move(m);
	return false;
}

TEST(leader_transfer_after_snapshot)
{
	struct network *nt = new_network_led_by_1();
	struct raft *lead = nt->peers[1], *follower = nt->peers[3];
	struct raft_message filtered = {0};
	struct raft_conf_state cs;
	struct raft_snapshot *snap;

	network_isolate(nt, 3);

	network_send(nt, msg_prop(1, NULL));
	next_ents(lead, nt->storage[1]);
	tracker_conf_state(&lead->trk, &cs);
	raft_memory_storage_create_snapshot(
		nt->storage[1], lead->raft_log.applied, &cs, NULL, NULL);
	raft_memory_storage_compact(nt->storage[1], lead->raft_log.applied);

	network_recover(nt);
	EXPECT_EQ(1, raft_progress(lead, 3)->match);

	/* Node 3 lacks a snapshot, and has to apply it before it acknowledges it. */
	nt->msg_hook = keep_back_app_resp;
	nt->hook_arg = &filtered;
	network_send(nt, msg_transfer(3, 1));
	EXPECT_EQ(RAFT_STATE_LEADER, lead->state);
	EXPECT_EQ(MSG_APP_RESP, filtered.type);

	/* Apply it, and go on. */
	snap = raft_log_next_unstable_snapshot(&follower->raft_log);
	EXPECT(snap != NULL);
	raft_memory_storage_apply_snapshot(nt->storage[3], snap);
	raft_applied_snap(follower, snap);
	nt->msg_hook = NULL;
	network_send(nt, filtered);

	check_leader_transfer_state(lead, RAFT_STATE_FOLLOWER, 3);
}

TEST(leader_transfer_to_self)
{
	struct network *nt = new_network_led_by_1();

	/* Nothing to do. */
	network_send(nt, msg_transfer(1, 1));
	check_leader_transfer_state(nt->peers[1], RAFT_STATE_LEADER, 1);
}

TEST(leader_transfer_to_non_existing_node)
{
	struct network *nt = new_network_led_by_1();

	/* Nothing that could be done. */
	network_send(nt, msg_transfer(4, 1));
	check_leader_transfer_state(nt->peers[1], RAFT_STATE_LEADER, 1);
}

TEST(leader_transfer_timeout)
{
	struct network *nt = new_network_led_by_1();
	struct raft *lead = nt->peers[1];

	network_isolate(nt, 3);

	/* The leader waits for an election timeout, and no longer. */
	begin_transfer_to_3(nt);
	raft_tick_n(lead, lead->heartbeat_timeout);
	EXPECT_EQ(3, lead->lead_transferee);

	raft_tick_n(lead, lead->election_timeout - lead->heartbeat_timeout);
	check_leader_transfer_state(lead, RAFT_STATE_LEADER, 1);
}

TEST(leader_transfer_ignore_proposal)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1, 2, 3));
	struct raft *r = new_test_raft(1, 10, 1, s);
	struct network *nt = new_network(r, NULL, NULL);
	struct raft *lead = nt->peers[1];

	network_send(nt, msg_hup(1));
	network_isolate(nt, 3);
	next_ents(r, s); /* the leader's empty entry */

	/* While a transfer is under way, proposals are dropped. */
	begin_transfer_to_3(nt);
	network_send(nt, msg_prop(1, NULL));
	EXPECT_EQ(RAFT_ERR_PROPOSAL_DROPPED, raft_step_msg(lead, msg_prop(1, NULL)));

	EXPECT_EQ(1, raft_progress(lead, 1)->match);
}

TEST(leader_transfer_receive_higher_term_vote)
{
	struct network *nt = new_network_led_by_1();
	struct raft *lead = nt->peers[1];

	network_isolate(nt, 3);

	/* While a transfer is under way, another is elected. */
	begin_transfer_to_3(nt);
	network_send(nt, MSG(.from = 2, .to = 2, .type = MSG_HUP, .index = 1, .term = 2));

	check_leader_transfer_state(lead, RAFT_STATE_FOLLOWER, 2);
}

TEST(leader_transfer_remove_node)
{
	struct network *nt = new_network_led_by_1();
	struct raft *lead = nt->peers[1];

	network_ignore(nt, MSG_TIMEOUT_NOW);

	/* The transferee is removed. */
	begin_transfer_to_3(nt);
	raft_apply_simple_conf_change(lead, RAFT_CONF_CHANGE_REMOVE_NODE, 3);

	check_leader_transfer_state(lead, RAFT_STATE_LEADER, 1);
}

TEST(leader_transfer_demote_node)
{
	static const struct raft_conf_change_single demote[] = {
		{.type = RAFT_CONF_CHANGE_REMOVE_NODE, .node_id = 3},
		{.type = RAFT_CONF_CHANGE_ADD_LEARNER_NODE, .node_id = 3},
	};
	const struct raft_conf_change_v2 enter = {.changes = demote, .changes_len = 2};
	const struct raft_conf_change_v2 leave = {0};
	struct network *nt = new_network_led_by_1();
	struct raft *lead = nt->peers[1];
	struct raft_conf_state cs;

	network_ignore(nt, MSG_TIMEOUT_NOW);

	/* The transferee becomes a learner, by way of a joint configuration. */
	begin_transfer_to_3(nt);
	raft_apply_conf_change(lead, &enter, &cs);
	raft_apply_conf_change(lead, &leave, &cs);

	check_leader_transfer_state(lead, RAFT_STATE_LEADER, 1);
}

/* While a transfer is under way, asking for one to the leader itself ends it. */
TEST(leader_transfer_back)
{
	struct network *nt = new_network_led_by_1();

	network_isolate(nt, 3);

	begin_transfer_to_3(nt);
	network_send(nt, msg_transfer(1, 1));

	check_leader_transfer_state(nt->peers[1], RAFT_STATE_LEADER, 1);
}

/* While a transfer is under way, another one takes its place. */
TEST(leader_transfer_second_transfer_to_another_node)
{
	struct network *nt = new_network_led_by_1();

	network_isolate(nt, 3);

	begin_transfer_to_3(nt);
	network_send(nt, msg_transfer(2, 1));

	check_leader_transfer_state(nt->peers[1], RAFT_STATE_FOLLOWER, 2);
}

/* Asking for the same transfer again does not make it last longer. */
TEST(leader_transfer_second_transfer_to_same_node)
{
	struct network *nt = new_network_led_by_1();
	struct raft *lead = nt->peers[1];

	network_isolate(nt, 3);

	begin_transfer_to_3(nt);
	raft_tick_n(lead, lead->heartbeat_timeout);
	begin_transfer_to_3(nt);
	raft_tick_n(lead, lead->election_timeout - lead->heartbeat_timeout);

	check_leader_transfer_state(lead, RAFT_STATE_LEADER, 1);
}

/* A node that is no member (any more) does not campaign when it is told to. (If
 * it got votes, it once crashed on becoming leader.) */
TEST(transfer_non_member)
{
	struct raft *r = new_test_raft(1, 5, 1, new_test_memory_storage(with_peers(2, 3, 4)));

	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_TIMEOUT_NOW));

	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_VOTE_RESP));
	raft_step_msg(r, MSG(.from = 3, .to = 1, .type = MSG_VOTE_RESP));
	EXPECT_EQ(RAFT_STATE_FOLLOWER, r->state);
}

/* Leadership is not transferred to a learner. */
TEST(leader_transfer_to_learner)
{
	struct raft *r =
		new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1), with_learners(2)));

	raft_become_candidate(r);
	raft_become_leader(r);
	raft_read_messages(r);
	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_APP_RESP, .index = 1));
	raft_read_messages(r);

	raft_step_msg(r, msg_transfer(2, 1));
	check_leader_transfer_state(r, RAFT_STATE_LEADER, 1);
	EXPECT_EQ(0, raft_read_messages(r)->len);
}

/* A transfer has an election timeout from when it is asked for. */
TEST(leader_transfer_has_a_whole_timeout)
{
	struct network *nt = new_network_led_by_1();
	struct raft *lead = nt->peers[1];

	network_isolate(nt, 3);
	raft_tick_n(lead, lead->election_timeout - 1);
	begin_transfer_to_3(nt);
	raft_tick_n(lead, lead->election_timeout - 1);
	EXPECT_EQ(3, lead->lead_transferee);
	lead->tick(lead);
	check_leader_transfer_state(lead, RAFT_STATE_LEADER, 1);
}
