/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Elections in a network: who wins, and what becomes of those who do not. Most
 * come in two kinds, without pre-vote and with it.
 */
#include "raft/rafttest/raft_testing.h"

static void check_leader_election(config_func *cfg, enum raft_state cand_state, raft_term cand_term)
{
	const struct {
		struct network *nt;
		enum raft_state state;
		raft_term exp_term;
	} tests[] = {
		{new_network_with_config(cfg, NULL, NULL, NULL), RAFT_STATE_LEADER, 1},
		{new_network_with_config(cfg, NULL, NULL, NOP_STEPPER), RAFT_STATE_LEADER, 1},
		{new_network_with_config(cfg, NULL, NOP_STEPPER, NOP_STEPPER), cand_state,
			cand_term},
		{new_network_with_config(cfg, NULL, NOP_STEPPER, NOP_STEPPER, NULL), cand_state,
			cand_term},
		{new_network_with_config(cfg, NULL, NOP_STEPPER, NOP_STEPPER, NULL, NULL),
			RAFT_STATE_LEADER, 1},

		/* Three logs are ahead of the candidate's, but in its term, so that
		 * it hears of it instead of being ignored. */
		{new_network_with_config(cfg, NULL, ents_with_config(cfg, 1),
			 ents_with_config(cfg, 1), ents_with_config(cfg, 1, 1), NULL),
			RAFT_STATE_FOLLOWER, 1},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		network_send(tests[i].nt, msg_hup(1));
		EXPECT_EQ(tests[i].state, tests[i].nt->peers[1]->state);
		EXPECT_EQ(tests[i].exp_term, tests[i].nt->peers[1]->term);
	}
}

TEST(leader_election)
{
	check_leader_election(NULL, RAFT_STATE_CANDIDATE, 1);
}

/* An election that does not complete leaves a pre-candidate in its old term. */
TEST(leader_election_pre_vote)
{
	check_leader_election(pre_vote_config, RAFT_STATE_PRE_CANDIDATE, 0);
}

/* Each node in turn can campaign and be elected: elections work not only from a
 * clean slate, as above. */
static void check_leader_cycle(config_func *cfg)
{
	struct network *nt = new_network_with_config(cfg, NULL, NULL, NULL);

	for (raft_id campaigner = 1; campaigner <= 3; campaigner++) {
		TEST_CASE("campaigner %llu", campaigner);
		network_send(nt, msg_hup(campaigner));

		for (raft_id id = 1; id <= 3; id++)
			EXPECT_EQ(id == campaigner ? RAFT_STATE_LEADER : RAFT_STATE_FOLLOWER,
				nt->peers[id]->state);
	}
}

TEST(leader_cycle)
{
	check_leader_cycle(NULL);
}

TEST(leader_cycle_pre_vote)
{
	check_leader_cycle(pre_vote_config);
}

/* A new leader need not have the newest entries (those of the highest term), and
 * then overwrites them by its own, of a lower term. */
static void check_leader_election_overwrite_newer_logs(config_func *cfg)
{
	/* What has happened so far:
	 * - Node 1 won the election of term 1, replicated an entry to node 2, and
	 *   died before it could send it to others.
	 * - Node 3 won the election of term 2, with the votes of 4 and 5, wrote an
	 *   entry to its log, and died before it could send it to anyone.
	 *
	 * Nodes 1, 2 and 3 all have an uncommitted entry and may win the election
	 * of term 3; the winner's entry overwrites the others'. (In leader_sync_
	 * follower_log older entries are overwritten; here newer ones are.) */
	struct network *nt = new_network_with_config(cfg, ents_with_config(cfg, 1),
		ents_with_config(cfg, 1), ents_with_config(cfg, 2), voted_with_config(cfg, 3, 2),
		voted_with_config(cfg, 3, 2));
	struct raft *sm1 = nt->peers[1];

	/* Node 1 campaigns, and loses: a quorum knows that there was an election in
	 * term 2. It hears of that term. */
	network_send(nt, msg_hup(1));
	EXPECT_EQ(RAFT_STATE_FOLLOWER, sm1->state);
	EXPECT_EQ(2, sm1->term);

	/* Now it campaigns in a higher term, and wins. */
	network_send(nt, msg_hup(1));
	EXPECT_EQ(RAFT_STATE_LEADER, sm1->state);
	EXPECT_EQ(3, sm1->term);

	/* All agree on an entry of term 1 at index 1, and one of term 3 at index 2. */
	for (raft_id id = 1; id <= nt->size; id++) {
		const struct raft_entries *entries = all_entries(nt->peers[id]);

		TEST_CASE("node %llu", id);
		EXPECT_EQ(2, entries->len);
		EXPECT_EQ(1, entries->v[0].term);
		EXPECT_EQ(3, entries->v[1].term);
	}
}

TEST(leader_election_overwrite_newer_logs)
{
	check_leader_election_overwrite_newer_logs(NULL);
}

TEST(leader_election_overwrite_newer_logs_pre_vote)
{
	check_leader_election_overwrite_newer_logs(pre_vote_config);
}

/* What nodes have come to. */
struct outcome {
	enum raft_state state;
	raft_term term;
	raft_index last_index;
};

static void expect_outcome(const struct network *nt, const struct outcome want[])
{
	for (raft_id id = 1; id <= nt->size; id++) {
		struct raft *sm = nt->peers[id];

		TEST_CASE("node %llu", id);
		EXPECT_EQ(want[id - 1].state, sm->state);
		EXPECT_EQ(want[id - 1].term, sm->term);
		EXPECT_EQ(want[id - 1].last_index, raft_log_last_index(&sm->raft_log));
	}
}

TEST(dueling_candidates)
{
	struct network *nt = new_network(NULL, NULL, NULL);
	static const struct outcome want[] = {
		{RAFT_STATE_FOLLOWER, 2, 1},
		{RAFT_STATE_FOLLOWER, 2, 1},
		{RAFT_STATE_FOLLOWER, 2, 0},
	};

	network_cut(nt, 1, 3);

	network_send(nt, msg_hup(1));
	network_send(nt, msg_hup(3));

	/* Node 1 is leader by its own vote and that of node 2. */
	EXPECT_EQ(RAFT_STATE_LEADER, nt->peers[1]->state);

	/* Node 3 stays a candidate: its own vote, and a rejection by node 2. */
	EXPECT_EQ(RAFT_STATE_CANDIDATE, nt->peers[3]->state);

	network_recover(nt);

	/* It tries again in a higher term, which disrupts the leader; but its log is
	 * too short, so that both reject it. */
	network_send(nt, msg_hup(3));
	EXPECT_EQ(RAFT_STATE_FOLLOWER, nt->peers[3]->state);

	expect_outcome(nt, want);
}

TEST(dueling_pre_candidates)
{
	struct network *nt = new_network_with_config(pre_vote_config, NULL, NULL, NULL);
	static const struct outcome want[] = {
		{RAFT_STATE_LEADER, 1, 1},
		{RAFT_STATE_FOLLOWER, 1, 1},
		{RAFT_STATE_FOLLOWER, 1, 0},
	};

	network_cut(nt, 1, 3);

	network_send(nt, msg_hup(1));
	network_send(nt, msg_hup(3));

	/* Node 1 is leader by its own vote and that of node 2. */
	EXPECT_EQ(RAFT_STATE_LEADER, nt->peers[1]->state);

	/* Node 3 gives up once its pre-vote is rejected. */
	EXPECT_EQ(RAFT_STATE_FOLLOWER, nt->peers[3]->state);

	network_recover(nt);

	/* It tries again, and with pre-vote does not disrupt the leader. */
	network_send(nt, msg_hup(3));

	expect_outcome(nt, want);
}

TEST(candidate_concede)
{
	struct network *nt = new_network(NULL, NULL, NULL);
	struct raft_entries *want = index_terms(0, 0, 1, 1);

	network_isolate(nt, 1);

	network_send(nt, msg_hup(1));
	network_send(nt, msg_hup(3));

	network_recover(nt);
	/* A heartbeat ends the pause of probing. */
	network_send(nt, msg_beat(3));

	/* A proposal brings a MsgApp to node 1, a heartbeat the commit index. */
	network_send(nt, msg_prop(3, "force follower"));
	network_send(nt, msg_beat(3));

	EXPECT_EQ(RAFT_STATE_FOLLOWER, nt->peers[1]->state);
	EXPECT_EQ(1, nt->peers[1]->term);

	entry_set_data(&want->v[2], "force follower");
	for (raft_id id = 1; id <= nt->size; id++)
		EXPECT_STR_EQ("", diffu(ltoa_of(want), ltoa(&nt->peers[id]->raft_log)));
}

TEST(single_node_candidate)
{
	struct network *nt = new_network(NULL);

	network_send(nt, msg_hup(1));

	EXPECT_EQ(RAFT_STATE_LEADER, nt->peers[1]->state);
}

TEST(single_node_pre_candidate)
{
	struct network *nt = new_network_with_config(pre_vote_config, NULL);

	network_send(nt, msg_hup(1));

	EXPECT_EQ(RAFT_STATE_LEADER, nt->peers[1]->state);
}

/* A campaign is none if there is no need of it. */
static void check_campaign_while_leader(bool pre_vote)
{
	struct raft_config cfg = new_test_config(1, 5, 1, new_test_memory_storage(with_peers(1)));
	raft_term term;
	struct raft *r;

	cfg.pre_vote = pre_vote;
	r = new_raft(&cfg);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, r->state);
	/* By MsgHup: the check is before raft_campaign(). */
	raft_step_msg(r, msg_hup(1));
	raft_advance_messages_after_append(r);
	EXPECT_EQ(RAFT_STATE_LEADER, r->state);

	term = r->term;
	raft_step_msg(r, msg_hup(1));
	raft_advance_messages_after_append(r);
	EXPECT_EQ(RAFT_STATE_LEADER, r->state);
	EXPECT_EQ(term, r->term);
}

TEST(campaign_while_leader)
{
	check_campaign_while_leader(false);
}

TEST(pre_campaign_while_leader)
{
	check_campaign_while_leader(true);
}

TEST(promotable)
{
	static const struct {
		struct raft_conf_state peers;
		bool wp;
	} tests[] = {
		{{with_peers(1)}, true},
		{{with_peers(1, 2, 3)}, true},
		{{.voters.len = 0}, false},
		{{with_peers(2, 3)}, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct raft *r =
			new_test_raft(1, 5, 1, new_test_memory_storage_with_conf(&tests[i].peers));

		TEST_CASE("#%zu", i);
		EXPECT_EQ(tests[i].wp, raft_promotable(r));
	}
}

TEST(past_election_timeout)
{
	static const struct {
		int elapse;
		int wprobability; /* in tenths */
		bool round;
	} tests[] = {
		{5, 0, false},
		{10, 1, true},
		{13, 4, true},
		{15, 6, true},
		{18, 9, true},
		{20, 10, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct raft *sm = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1)));
		int c = 0;

		TEST_CASE("#%zu", i);
		sm->election_elapsed = tests[i].elapse;
		for (int j = 0; j < 10000; j++) {
			raft_reset_randomized_election_timeout(sm);
			c += raft_past_election_timeout(sm);
		}
		if (tests[i].round)
			c = (c + 500) / 1000 * 1000;
		EXPECT_EQ(tests[i].wprobability * 1000, c);
	}
}
