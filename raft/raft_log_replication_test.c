/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log replication and commitment in a network (paper sections 5.3 and 5.4).
 */
#include "raft/rafttest/raft_testing.h"

/* expect_logs expects that all peers (black holes apart) have the log of ents. */
static void expect_logs(const struct network *nt, const struct raft_entries *ents)
{
	for (raft_id id = 1; id <= nt->size; id++) {
		TEST_CASE("node %llu", id);
		if (nt->peers[id])
			EXPECT_STR_EQ("", diffu(ltoa_of(ents), ltoa(&nt->peers[id]->raft_log)));
	}
}

/* one_proposal is the log of a leader's empty entry and a proposal. */
static const struct raft_entries *one_proposal(void)
{
	struct raft_entries *ents = index_terms(0, 0, 1, 1);

	entry_set_data(&ents->v[2], "somedata");
	return ents;
}

/* Expects that all proposals, and no others, are there to be applied. */
static void expect_replicated(struct network *nt, raft_index wcommitted, int proposals)
{
	for (raft_id id = 1; id <= nt->size; id++) {
		struct raft *sm = nt->peers[id];
		const struct raft_entries *ents;
		int found = 0;

		TEST_CASE("node %llu", id);
		EXPECT_EQ(wcommitted, sm->raft_log.committed);
		ents = next_ents(sm, nt->storage[id]);
		for (uint32_t i = 0; i < ents->len; i++) {
			if (!ents->v[i].data)
				continue;
			found++;
			EXPECT_STR_EQ("somedata", entry_data(&ents->v[i]));
		}
		EXPECT_EQ(proposals, found);
	}
}

TEST(log_replication)
{
	struct network *nt = new_network(NULL, NULL, NULL);

	network_send(nt, msg_hup(1));
	network_send(nt, msg_prop(1, "somedata"));
	expect_replicated(nt, 2, 1);

	/* With a change of leader in between. */
	nt = new_network(NULL, NULL, NULL);
	network_send(nt, msg_hup(1));
	network_send(nt, msg_prop(1, "somedata"));
	network_send(nt, MSG(.from = 1, .to = 2, .type = MSG_HUP));
	network_send(
		nt, MSG(.from = 1, .to = 2, .type = MSG_PROP, .entries = one_entry("somedata")));
	expect_replicated(nt, 4, 2);
}

TEST(single_node_commit)
{
	struct raft *r = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1)));
	struct network *nt = new_network(r);

	network_send(nt, msg_hup(1));
	network_send(nt, msg_prop(1, "some data"));
	network_send(nt, msg_prop(1, "some data"));

	EXPECT_EQ(3, r->raft_log.committed);
}

/* Entries of an earlier term are not committed by counting replicas: a new
 * leader needs an entry of its own term (paper section 5.4.2 and figure 8). */
TEST(cannot_commit_without_new_term_entry)
{
	struct network *nt = new_network(NULL, NULL, NULL, NULL, NULL);

	network_send(nt, msg_hup(1));

	/* Node 1 reaches node 2 only. */
	network_cut(nt, 1, 3);
	network_cut(nt, 1, 4);
	network_cut(nt, 1, 5);

	network_send(nt, msg_prop(1, "some data"));
	network_send(nt, msg_prop(1, "some data"));

	EXPECT_EQ(1, nt->peers[1]->raft_log.committed);

	network_recover(nt);
	/* Keep the new leader's empty entry from being committed. */
	network_ignore(nt, MSG_APP);

	/* Elect node 2 in term 2. */
	network_send(nt, msg_hup(2));

	/* Nothing of the earlier term is committed ... */
	EXPECT_EQ(RAFT_STATE_LEADER, nt->peers[2]->state);
	EXPECT_EQ(1, nt->peers[2]->raft_log.committed);

	network_recover(nt);
	/* (a heartbeat ends the pause of probing) */
	network_send(nt, msg_beat(2));
	/* ... until an entry of this term is. */
	network_send(nt, msg_prop(2, "some data"));
	EXPECT_EQ(5, nt->peers[2]->raft_log.committed);
}

/* The leader's empty entry does it, without a proposal. */
TEST(commit_without_new_term_entry)
{
	struct network *nt = new_network(NULL, NULL, NULL, NULL, NULL);

	network_send(nt, msg_hup(1));

	/* Node 1 reaches node 2 only. */
	network_cut(nt, 1, 3);
	network_cut(nt, 1, 4);
	network_cut(nt, 1, 5);

	network_send(nt, msg_prop(1, "some data"));
	network_send(nt, msg_prop(1, "some data"));

	EXPECT_EQ(1, nt->peers[1]->raft_log.committed);

	network_recover(nt);

	/* Elect node 2 in term 2. */
	network_send(nt, msg_hup(2));

	EXPECT_EQ(4, nt->peers[1]->raft_log.committed);
}

TEST(old_messages)
{
	struct network *nt = new_network(NULL, NULL, NULL);
	struct raft_entries *want = index_terms(0, 0, 1, 2, 3, 3);

	/* Node 1 leads in term 3. */
	network_send(nt, msg_hup(1));
	network_send(nt, msg_hup(2));
	network_send(nt, msg_hup(1));
	/* An entry of the leader of term 2 comes late, and is ignored. */
	network_send(nt, MSG(.from = 2, .to = 1, .type = MSG_APP, .term = 2,
				 .entries = ents_copy(index_terms(3, 2))));
	/* Commit a new entry. */
	network_send(nt, msg_prop(1, "somedata"));

	entry_set_data(&want->v[4], "somedata");
	expect_logs(nt, want);
}

TEST(proposal)
{
	const struct {
		struct network *nt;
		bool success;
	} tests[] = {
		{new_network(NULL, NULL, NULL), true},
		{new_network(NULL, NULL, NOP_STEPPER), true},
		{new_network(NULL, NOP_STEPPER, NOP_STEPPER), false},
		{new_network(NULL, NOP_STEPPER, NOP_STEPPER, NULL), false},
		{new_network(NULL, NOP_STEPPER, NOP_STEPPER, NULL, NULL), true},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		/* Make node 1 leader, if a quorum is there. */
		network_send(tests[i].nt, msg_hup(1));
		network_send(tests[i].nt, msg_prop(1, "somedata"));

		expect_logs(tests[i].nt, tests[i].success ? one_proposal() : index_terms(0, 0));
		EXPECT_EQ(1, tests[i].nt->peers[1]->term);
	}
}

/* A follower passes proposals on to the leader. */
TEST(proposal_by_proxy)
{
	struct network *const tests[] = {
		new_network(NULL, NULL, NULL),
		new_network(NULL, NULL, NOP_STEPPER),
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		network_send(tests[i], msg_hup(1));
		network_send(tests[i], msg_prop(2, "somedata"));

		expect_logs(tests[i], one_proposal());
		EXPECT_EQ(1, tests[i]->peers[1]->term);
	}
}

/* What the matches of the members commit; w is the commit index. */
TEST(commit)
{
	const struct {
		raft_index matches[4];
		const struct raft_entries *logs;
		raft_term sm_term;
		raft_index w;
	} tests[] = {
		/* one member */
		{{1}, index_terms(1, 1), 1, 1},
		{{1}, index_terms(1, 1), 2, 0},
		{{2}, index_terms(1, 1, 2), 2, 2},
		{{1}, index_terms(1, 2), 2, 1},

		/* an odd number */
		{{2, 1, 1}, index_terms(1, 1, 2), 1, 1},
		{{2, 1, 1}, index_terms(1, 1, 1), 2, 0},
		{{2, 1, 2}, index_terms(1, 1, 2), 2, 2},
		{{2, 1, 2}, index_terms(1, 1, 1), 2, 0},

		/* an even number */
		{{2, 1, 1, 1}, index_terms(1, 1, 2), 1, 1},
		{{2, 1, 1, 1}, index_terms(1, 1, 1), 2, 0},
		{{2, 1, 1, 2}, index_terms(1, 1, 2), 1, 1},
		{{2, 1, 1, 2}, index_terms(1, 1, 1), 2, 0},
		{{2, 1, 2, 2}, index_terms(1, 1, 2), 2, 2},
		{{2, 1, 2, 2}, index_terms(1, 1, 1), 2, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct raft_memory_storage *storage = new_test_memory_storage(with_peers(1));
		struct raft *sm;

		TEST_CASE("#%zu", i);
		storage_append(storage, tests[i].logs);
		raft_memory_storage_set_hard_state(
			storage, (struct raft_hard_state){.term = tests[i].sm_term});

		sm = new_test_raft(1, 10, 2, storage);
		for (raft_id id = 1; id <= 4 && tests[i].matches[id - 1] != 0; id++) {
			if (id > 1)
				raft_apply_simple_conf_change(sm, RAFT_CONF_CHANGE_ADD_NODE, id);
			raft_progress(sm, id)->match = tests[i].matches[id - 1];
			raft_progress(sm, id)->next = tests[i].matches[id - 1] + 1;
		}
		raft_maybe_commit(sm);
		EXPECT_EQ(tests[i].w, sm->raft_log.committed);
	}
}

/* Messages that overtake each other: the leader probes again from where it knows
 * that the logs match, not from where an old rejection hints at. */
TEST(log_replication_with_reordered_message)
{
	struct raft *r1 = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2)));
	struct raft *r2 = new_test_raft(2, 10, 1, new_test_memory_storage(with_peers(1, 2)));
	struct raft_message *req1, *req2, *resp2, *m;

	raft_become_candidate(r1);
	raft_become_leader(r1);
	raft_read_messages(r1);
	progress_become_replicate(raft_progress(r1, 2));

	/* r1 sends two MsgApps to r2. */
	must_append_entry(r1, "somedata");
	raft_send_append(r1, 2);
	req1 = expect_one_message(r1);
	must_append_entry(r1, "somedata");
	raft_send_append(r1, 2);
	req2 = expect_one_message(r1);

	/* The second arrives first, and is rejected. */
	raft_step(r2, req2);
	resp2 = expect_one_message(r2);
	EXPECT(resp2->reject);
	EXPECT_EQ(0, resp2->reject_hint);
	EXPECT_EQ(2, resp2->index);

	/* The first is accepted, and r1 hears of it. */
	raft_step(r2, req1);
	m = expect_one_message(r2);
	EXPECT(!m->reject);
	EXPECT_EQ(2, m->index);
	raft_step(r1, m);
	expect_one_message(r1);
	EXPECT_EQ(2, raft_progress(r1, 2)->match);

	/* r1 has trouble to reach r2, and goes back to probing. */
	raft_step_msg(r1, MSG(.from = 2, .to = 1, .type = MSG_UNREACHABLE));
	EXPECT_EQ(RAFT_PROGRESS_PROBE, raft_progress(r1, 2)->state);

	/* Now the rejection arrives. */
	raft_step(r1, resp2);
	m = expect_one_message(r1);
	EXPECT_EQ(raft_progress(r1, 2)->match, m->index);
}

/* Several entries in one proposal are appended without a gap, in the leader's
 * term, whatever the message said, and replicated as one. */
TEST(proposal_of_several_entries)
{
	struct network *nt = new_network(NULL, NULL, NULL);

	network_send(nt, msg_hup(1));
	network_send(nt, MSG(.from = 1, .to = 1, .type = MSG_PROP,
				 .entries = ents_copy(index_terms(7, 5, 5, 5))));
	expect_logs(nt, index_terms(0, 0, 1, 1, 1, 1));
	EXPECT_EQ(4, nt->peers[1]->raft_log.committed);
	EXPECT_EQ(4, nt->peers[3]->raft_log.committed);
}
