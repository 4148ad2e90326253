/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linearizable reads without writing to the log (thesis section 6.4).
 */
#include "raft/rafttest/raft_testing.h"

#include <string.h>

/* Takes the only answered read off r. */
static void expect_read_state(struct raft *r, raft_index wri, const char *wctx)
{
	EXPECT_EQ(1, r->read_states_len);
	EXPECT_EQ(wri, r->read_states[0].index);
	EXPECT(context_is(&r->read_states[0].request_ctx, wctx));
	raft_context_free(&r->read_states[0].request_ctx);
	r->read_states_len = 0;
}

/* Elects node 1 in a network in which node 2 has waited long enough to vote. */
static void elect_first(struct network *nt)
{
	struct raft *b = nt->peers[2];

	set_randomized_election_timeout(b, b->election_timeout + 1);
	raft_tick_n(b, b->election_timeout);
	network_send(nt, msg_hup(1));
	EXPECT_EQ(RAFT_STATE_LEADER, nt->peers[1]->state);
}

/* Reads by each of so many nodes in turn, twice, after ten proposals each time. */
static void check_reads(
	struct network *nt, raft_id nodes, struct raft_memory_storage *leader_storage)
{
	static const char *const wctx[] = {"ctx1", "ctx2", "ctx3", "ctx4", "ctx5", "ctx6"};

	for (raft_id i = 0; i < 2 * nodes; i++) {
		raft_id reader = 1 + i % nodes;

		TEST_CASE("#%llu", i);
		for (int j = 0; j < 10; j++) {
			network_send(nt, msg_prop(1, NULL));
			if (leader_storage)
				next_ents(nt->peers[1], leader_storage);
		}

		network_send(nt, msg_read_index(reader, wctx[i]));

		/* All proposals so far, and the leader's empty entry. */
		expect_read_state(nt->peers[reader], 10 * (i + 1) + 1, wctx[i]);
	}
}

TEST(read_only_option_safe)
{
	struct network *nt = new_network(NULL, NULL, NULL);

	elect_first(nt);
	check_reads(nt, 3, NULL);
}

TEST(read_only_with_learner)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1), with_learners(2));
	struct network *nt = new_network(new_test_raft(1, 10, 1, s),
		new_test_raft(2, 10, 1, new_test_memory_storage(with_peers(1), with_learners(2))));

	elect_first(nt);
	/* The leader, the only voter, saves the entries as it goes. */
	check_reads(nt, 2, s);
}

TEST(read_only_option_lease)
{
	struct network *nt = new_network(NULL, NULL, NULL);

	for (raft_id id = 1; id <= 3; id++) {
		nt->peers[id]->read_only.option = RAFT_READ_ONLY_LEASE_BASED;
		nt->peers[id]->check_quorum = true;
	}
	elect_first(nt);
	check_reads(nt, 3, NULL);
}

static struct raft *new_reader(
	raft_id id, raft_index committed, raft_index applied, raft_index compact_index)
{
	struct raft_memory_storage *storage = new_test_memory_storage(with_peers(1, 2, 3));
	struct raft_config cfg;

	storage_append(storage, index_terms(1, 1, 1));
	raft_memory_storage_set_hard_state(
		storage, (struct raft_hard_state){.term = 1, .commit = committed});
	if (compact_index != 0)
		EXPECT_EQ(RAFT_OK, raft_memory_storage_compact(storage, compact_index));
	cfg = new_test_config(id, 10, 1, storage);
	cfg.applied = applied;
	return new_raft(&cfg);
}

/* A leader answers no reads before it has committed an entry of its term: until
 * then it does not know the commit index. They wait. */
TEST(read_only_for_new_leader)
{
	struct network *nt =
		new_network(new_reader(1, 1, 1, 0), new_reader(2, 2, 2, 2), new_reader(3, 2, 2, 2));
	const raft_index windex = 4;
	struct raft *sm = nt->peers[1];

	/* Without MsgApp, the new leader cannot commit anything. */
	network_ignore(nt, MSG_APP);
	network_send(nt, msg_hup(1));
	EXPECT_EQ(RAFT_STATE_LEADER, sm->state);

	network_send(nt, msg_read_index(1, "ctx"));
	EXPECT_EQ(0, sm->read_states_len);

	network_recover(nt);

	/* Now it can. */
	raft_tick_n(sm, sm->heartbeat_timeout);
	network_send(nt, msg_prop(1, NULL));
	EXPECT_EQ(4, sm->raft_log.committed);
	EXPECT_EQ(sm->term,
		raft_log_zero_term_on_out_of_bounds(&sm->raft_log, sm->raft_log.committed));

	/* That answers the read that has waited ... */
	expect_read_state(sm, windex, "ctx");

	/* ... and a new one. */
	network_send(nt, msg_read_index(1, "ctx"));
	expect_read_state(sm, windex, "ctx");
}

/* A read that is answered is forgotten (etcd's issue 7571). */
TEST(raft_frees_read_only_mem)
{
	struct raft *sm = new_test_raft(1, 5, 1, new_test_memory_storage(with_peers(1, 2)));
	struct raft_message heartbeat_resp = MSG(.from = 2, .type = MSG_HEARTBEAT_RESP);
	struct raft_message *m;

	raft_become_candidate(sm);
	raft_become_leader(sm);
	raft_log_commit_to(&sm->raft_log, raft_log_last_index(&sm->raft_log));

	/* The leader begins a read (thesis section 6.4, step 2). */
	raft_step_msg(sm, MSG(.from = 2, .type = MSG_READ_INDEX, .entries = one_entry("ctx")));
	m = expect_one_message(sm);
	EXPECT_EQ(MSG_HEARTBEAT, m->type);
	EXPECT(context_is(&m->context, "ctx"));
	EXPECT_EQ(1, sm->read_only.len);
	EXPECT_STR_EQ("ctx", entry_data(&sm->read_only.queue[0].req.entries.v[0]));

	/* A quorum confirms that it still leads (step 3). */
	raft_context_set(&heartbeat_resp.context, "ctx", strlen("ctx"));
	raft_step(sm, &heartbeat_resp);
	EXPECT_EQ(0, sm->read_only.len);
}

/* It takes a quorum to confirm that the leader still leads. */
TEST(read_only_waits_for_quorum)
{
	struct raft *sm =
		new_test_raft(1, 5, 1, new_test_memory_storage(with_peers(1, 2, 3, 4, 5)));

	raft_become_candidate(sm);
	raft_become_leader(sm);
	raft_read_messages(sm);
	raft_log_commit_to(&sm->raft_log, raft_log_last_index(&sm->raft_log));

	raft_step_msg(sm, msg_read_index(1, "ctx"));
	for (raft_id from = 2; from <= 3; from++) {
		struct raft_message resp = MSG(.from = from, .to = 1, .type = MSG_HEARTBEAT_RESP);

		/* With the leader itself, the second other one makes three of five. */
		EXPECT_EQ(0, sm->read_states_len);
		raft_context_set(&resp.context, "ctx", strlen("ctx"));
		raft_step(sm, &resp);
	}
	expect_read_state(sm, 1, "ctx");
}
