/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Membership changes: how they are proposed, and what applying them does. What a
 * configuration may become is tested with confchange/.
 */
#include "raft/rafttest/raft_testing.h"

/* A leader that cannot commit anything. */
static struct raft *new_lone_leader(void)
{
	struct raft *r = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2)));

	raft_become_candidate(r);
	raft_become_leader(r);
	return r;
}

static struct raft_message msg_prop_typed(enum raft_entry_type type)
{
	return MSG(.from = 1, .to = 1, .type = MSG_PROP, .entries = typed_entry(type));
}

/* A proposed change is appended, and pending from then on. */
TEST(step_config)
{
	struct raft *r = new_lone_leader();
	raft_index index = raft_log_last_index(&r->raft_log);

	raft_step_msg(r, msg_prop_typed(RAFT_ENTRY_CONF_CHANGE));
	EXPECT_EQ(index + 1, raft_log_last_index(&r->raft_log));
	EXPECT_EQ(index + 1, r->pending_conf_index);
}

/* While one is pending, another is appended as an empty entry. */
TEST(step_ignore_config)
{
	struct raft *r = new_lone_leader();
	const struct raft_entries *ents;
	raft_index index, pending_conf_index;

	raft_step_msg(r, msg_prop_typed(RAFT_ENTRY_CONF_CHANGE));
	index = raft_log_last_index(&r->raft_log);
	pending_conf_index = r->pending_conf_index;

	raft_step_msg(r, msg_prop_typed(RAFT_ENTRY_CONF_CHANGE));
	EXPECT_EQ(index + 1, raft_log_last_index(&r->raft_log));
	ents = all_entries(r);
	EXPECT_EQ(3, ents->len);
	EXPECT_EQ(RAFT_ENTRY_NORMAL, ents->v[2].type);
	EXPECT_EQ(1, ents->v[2].term);
	EXPECT_EQ(3, ents->v[2].index);
	EXPECT(ents->v[2].data == NULL);
	EXPECT_EQ(pending_conf_index, r->pending_conf_index);
}

/* A new leader takes all that is uncommitted for a pending change, unseen. */
TEST(new_leader_pending_config)
{
	static const struct {
		bool add_entry;
		raft_index wpending_index;
	} tests[] = {
		{false, 0},
		{true, 1},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct raft *r = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2)));

		TEST_CASE("#%zu", i);
		if (tests[i].add_entry)
			must_append_entry(r, NULL);
		raft_become_candidate(r);
		raft_become_leader(r);
		EXPECT_EQ(tests[i].wpending_index, r->pending_conf_index);
	}
}

TEST(add_node)
{
	struct raft *r = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1)));

	raft_apply_simple_conf_change(r, RAFT_CONF_CHANGE_ADD_NODE, 2);
	EXPECT_STR_EQ("[1 2]", voter_nodes(r));
}

TEST(add_learner)
{
	struct raft *r = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1)));

	/* A new learner. */
	raft_apply_simple_conf_change(r, RAFT_CONF_CHANGE_ADD_LEARNER_NODE, 2);
	EXPECT(!r->is_learner);
	EXPECT_STR_EQ("[2]", learner_nodes(r));
	EXPECT(raft_progress(r, 2)->is_learner);

	/* It becomes a voter. */
	raft_apply_simple_conf_change(r, RAFT_CONF_CHANGE_ADD_NODE, 2);
	EXPECT(!raft_progress(r, 2)->is_learner);

	/* The node itself becomes a learner ... */
	raft_apply_simple_conf_change(r, RAFT_CONF_CHANGE_ADD_LEARNER_NODE, 1);
	EXPECT(raft_progress(r, 1)->is_learner);
	EXPECT(r->is_learner);

	/* ... and a voter again. */
	raft_apply_simple_conf_change(r, RAFT_CONF_CHANGE_ADD_NODE, 1);
	EXPECT(!raft_progress(r, 1)->is_learner);
	EXPECT(!r->is_learner);
}

/* A node that is added counts as active until it had time to say something. */
TEST(add_node_check_quorum)
{
	struct raft *r = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1)));

	r->check_quorum = true;

	raft_become_candidate(r);
	raft_become_leader(r);

	raft_tick_n(r, r->election_timeout - 1);

	raft_apply_simple_conf_change(r, RAFT_CONF_CHANGE_ADD_NODE, 2);

	/* With this tick the quorum is checked, and found to be active. */
	r->tick(r);
	EXPECT_EQ(RAFT_STATE_LEADER, r->state);

	/* After an election timeout without a word of node 2 it is not. */
	raft_tick_n(r, r->election_timeout);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, r->state);
}

TEST(remove_node)
{
	struct raft *r = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2)));

	raft_apply_simple_conf_change(r, RAFT_CONF_CHANGE_REMOVE_NODE, 2);
	EXPECT_STR_EQ("[1]", voter_nodes(r));

	/* The last voter cannot be removed. */
	EXPECT_PANIC(raft_apply_simple_conf_change(r, RAFT_CONF_CHANGE_REMOVE_NODE, 1));
}

TEST(remove_learner)
{
	struct raft *r =
		new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1), with_learners(2)));

	raft_apply_simple_conf_change(r, RAFT_CONF_CHANGE_REMOVE_NODE, 2);
	EXPECT_STR_EQ("[1]", voter_nodes(r));
	EXPECT_STR_EQ("[]", learner_nodes(r));

	/* The last voter cannot be removed. */
	EXPECT_PANIC(raft_apply_simple_conf_change(r, RAFT_CONF_CHANGE_REMOVE_NODE, 1));
}

/* Members are listed in order, in whatever order a configuration has them. */
TEST(raft_nodes)
{
	static const struct {
		struct raft_conf_state ids;
		const char *wids;
	} tests[] = {
		{{with_peers(1, 2, 3)}, "[1 2 3]"},
		{{with_peers(3, 2, 1)}, "[1 2 3]"},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct raft *r =
			new_test_raft(1, 10, 1, new_test_memory_storage_with_conf(&tests[i].ids));

		TEST_CASE("#%zu", i);
		EXPECT_STR_EQ(tests[i].wids, voter_nodes(r));
	}
}

/* Pending entries may become committed because a change makes quorums smaller. */
TEST(commit_after_remove_node)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1, 2));
	struct raft *r = new_test_raft(1, 5, 1, s);
	const struct raft_conf_change cc = {.type = RAFT_CONF_CHANGE_REMOVE_NODE, .node_id = 2};
	const struct raft_entries *ents;
	raft_index cc_index;

	raft_become_candidate(r);
	raft_become_leader(r);

	/* Begin to remove the second node. */
	raft_step_msg(r, raft_conf_change_msg(&cc));

	/* All of it is stable, and nothing committed yet. */
	EXPECT_EQ(0, next_ents(r, s)->len);
	cc_index = raft_log_last_index(&r->raft_log);

	/* While the change is pending, propose something else. */
	raft_step_msg(r, MSG(.type = MSG_PROP, .entries = one_entry("hello")));

	/* Node 2 acknowledges the change, which commits it. */
	raft_step_msg(r, MSG(.type = MSG_APP_RESP, .from = 2, .index = cc_index));
	ents = next_ents(r, s);
	EXPECT_EQ(2, ents->len);
	EXPECT_EQ(RAFT_ENTRY_NORMAL, ents->v[0].type);
	EXPECT(ents->v[0].data == NULL);
	EXPECT_EQ(RAFT_ENTRY_CONF_CHANGE, ents->v[1].type);

	/* Applying it leaves one node, so that the proposal is committed, too. */
	raft_apply_simple_conf_change(r, cc.type, cc.node_id);
	ents = next_ents(r, s);
	EXPECT_EQ(1, ents->len);
	EXPECT_EQ(RAFT_ENTRY_NORMAL, ents->v[0].type);
	EXPECT_STR_EQ("hello", entry_data(&ents->v[0]));
}

/* A node that has not applied a committed change does not campaign. */
static void check_conf_change_before_campaign(bool v2)
{
	const struct raft_conf_change cc = {.type = RAFT_CONF_CHANGE_REMOVE_NODE, .node_id = 2};
	struct network *nt = new_network(NULL, NULL, NULL);
	struct raft *n1 = nt->peers[1], *n2 = nt->peers[2];
	const struct raft_message transfer = MSG(.from = 2, .to = 1, .type = MSG_TRANSFER_LEADER);
	struct raft_conf_change_single single;
	struct raft_conf_change_v2 cc_v2;
	struct raft_message m;

	network_send(nt, msg_hup(1));
	EXPECT_EQ(RAFT_STATE_LEADER, n1->state);

	/* Begin to remove the second node. */
	raft_conf_change_as_v2(&cc, &single, &cc_v2);
	m = v2 ? raft_conf_change_v2_msg(&cc_v2) : raft_conf_change_msg(&cc);
	EXPECT_EQ(v2 ? RAFT_ENTRY_CONF_CHANGE_V2 : RAFT_ENTRY_CONF_CHANGE, m.entries.v[0].type);
	m.from = 1;
	m.to = 1;
	network_send(nt, m);
	EXPECT_EQ(2, n2->raft_log.committed);

	/* Node 2 times out, and stays a follower. */
	raft_tick_n(n2, n2->randomized_election_timeout);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, n2->state);

	/* It stays one when it is told to take over. */
	network_send(nt, transfer);
	EXPECT_EQ(RAFT_STATE_LEADER, n1->state);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, n2->state);

	/* Let the leader give up the transfer. */
	raft_tick_n(n1, n1->election_timeout);

	/* The change is applied on node 2 (though without effect). */
	next_ents(n2, nt->storage[2]);

	/* Now it takes over. */
	network_send(nt, transfer);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, n1->state);
	EXPECT_EQ(RAFT_STATE_LEADER, n2->state);

	/* And node 1, once it has applied it, can campaign as well. */
	next_ents(n1, nt->storage[1]);
	raft_tick_n(n1, n1->randomized_election_timeout);
	EXPECT_EQ(RAFT_STATE_CANDIDATE, n1->state);
}

TEST(conf_change_check_before_campaign)
{
	check_conf_change_before_campaign(false);
}

TEST(conf_change_v2_check_before_campaign)
{
	check_conf_change_before_campaign(true);
}
