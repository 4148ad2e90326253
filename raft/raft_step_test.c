/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raft_step(), one node at a time: terms, changes of role, and what a message
 * is answered with.
 */
#include "raft/rafttest/raft_testing.h"

static bool fake_step_called;

static enum raft_error fake_step(struct raft *r, struct raft_message *m)
{
	(void)r;
	fake_step_called = true;
	raft_message_free(m);
	return RAFT_OK;
}

/* A message of an old term does not get as far as r->step. */
TEST(step_ignore_old_term_msg)
{
	struct raft *sm = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1)));

	sm->step = fake_step;
	sm->term = 2;
	raft_step_msg(sm, MSG(.type = MSG_APP, .term = sm->term - 1));
	EXPECT(!fake_step_called);

	/* One of this term does. */
	raft_step_msg(sm, MSG(.type = MSG_APP, .term = sm->term));
	EXPECT(fake_step_called);
}

static void transition(struct raft *sm, enum raft_state to, raft_term term, raft_id lead)
{
	if (to == RAFT_STATE_LEADER)
		raft_become_leader(sm); /* straight, without being a candidate first */
	else
		raft_become(sm, to, term, lead);
}

TEST(state_transition)
{
	static const struct {
		enum raft_state from, to;
		bool wallow;
		raft_term wterm;
		raft_id wlead;
	} tests[] = {
		{RAFT_STATE_FOLLOWER, RAFT_STATE_FOLLOWER, true, 1, RAFT_NONE},
		{RAFT_STATE_FOLLOWER, RAFT_STATE_PRE_CANDIDATE, true, 0, RAFT_NONE},
		{RAFT_STATE_FOLLOWER, RAFT_STATE_CANDIDATE, true, 1, RAFT_NONE},
		{RAFT_STATE_FOLLOWER, RAFT_STATE_LEADER, false, 0, RAFT_NONE},

		{RAFT_STATE_PRE_CANDIDATE, RAFT_STATE_FOLLOWER, true, 0, RAFT_NONE},
		{RAFT_STATE_PRE_CANDIDATE, RAFT_STATE_PRE_CANDIDATE, true, 0, RAFT_NONE},
		{RAFT_STATE_PRE_CANDIDATE, RAFT_STATE_CANDIDATE, true, 1, RAFT_NONE},
		{RAFT_STATE_PRE_CANDIDATE, RAFT_STATE_LEADER, true, 0, 1},

		{RAFT_STATE_CANDIDATE, RAFT_STATE_FOLLOWER, true, 0, RAFT_NONE},
		{RAFT_STATE_CANDIDATE, RAFT_STATE_PRE_CANDIDATE, true, 0, RAFT_NONE},
		{RAFT_STATE_CANDIDATE, RAFT_STATE_CANDIDATE, true, 1, RAFT_NONE},
		{RAFT_STATE_CANDIDATE, RAFT_STATE_LEADER, true, 0, 1},

		{RAFT_STATE_LEADER, RAFT_STATE_FOLLOWER, true, 1, RAFT_NONE},
		{RAFT_STATE_LEADER, RAFT_STATE_PRE_CANDIDATE, false, 0, RAFT_NONE},
		{RAFT_STATE_LEADER, RAFT_STATE_CANDIDATE, false, 1, RAFT_NONE},
		{RAFT_STATE_LEADER, RAFT_STATE_LEADER, true, 0, 1},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct raft *sm = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1)));

		TEST_CASE("#%zu: %s to %s", i, raft_state_name(tests[i].from),
			raft_state_name(tests[i].to));
		sm->state = tests[i].from;
		if (!tests[i].wallow) {
			EXPECT_PANIC(transition(sm, tests[i].to, tests[i].wterm, tests[i].wlead));
			continue;
		}
		transition(sm, tests[i].to, tests[i].wterm, tests[i].wlead);
		EXPECT_EQ(tests[i].to, sm->state);
		EXPECT_EQ(tests[i].wterm, sm->term);
		EXPECT_EQ(tests[i].wlead, sm->lead);
	}
}

/* A message of a higher term makes anyone a follower. */
TEST(all_server_stepdown)
{
	static const struct {
		enum raft_state state, wstate;
		raft_term wterm;
		raft_index windex;
	} tests[] = {
		{RAFT_STATE_FOLLOWER, RAFT_STATE_FOLLOWER, 3, 0},
		{RAFT_STATE_PRE_CANDIDATE, RAFT_STATE_FOLLOWER, 3, 0},
		{RAFT_STATE_CANDIDATE, RAFT_STATE_FOLLOWER, 3, 0},
		{RAFT_STATE_LEADER, RAFT_STATE_FOLLOWER, 3, 1},
	};
	static const enum raft_message_type msg_types[] = {MSG_VOTE, MSG_APP};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct raft *sm =
			new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2, 3)));

		raft_become(sm, tests[i].state, 1, RAFT_NONE);

		for (size_t j = 0; j < ARRAY_LEN(msg_types); j++) {
			TEST_CASE("#%zu.%zu", i, j);
			raft_step_msg(
				sm, MSG(.from = 2, .type = msg_types[j], .term = 3, .log_term = 3));

			EXPECT_EQ(tests[i].wstate, sm->state);
			EXPECT_EQ(tests[i].wterm, sm->term);
			EXPECT_EQ(tests[i].windex, raft_log_last_index(&sm->raft_log));
			EXPECT_EQ(tests[i].windex, all_entries(sm)->len);
			EXPECT_EQ(msg_types[j] == MSG_VOTE ? RAFT_NONE : 2, sm->lead);
		}
	}
}

/* A candidate that hears from a leader follows it, in its term. */
static void check_candidate_reset_term(enum raft_message_type mt)
{
	struct network *nt = new_network(NULL, NULL, NULL);
	struct raft *a = nt->peers[1], *b = nt->peers[2], *c = nt->peers[3];

	network_send(nt, msg_hup(1));

	EXPECT_EQ(RAFT_STATE_LEADER, a->state);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, b->state);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, c->state);

	/* Isolate node 3, and raise the term of the others. */
	network_isolate(nt, 3);

	network_send(nt, msg_hup(2));
	network_send(nt, msg_hup(1));

	EXPECT_EQ(RAFT_STATE_LEADER, a->state);
	EXPECT_EQ(RAFT_STATE_FOLLOWER, b->state);

	/* Node 3 campaigns in its isolation. */
	raft_reset_randomized_election_timeout(c);
	raft_tick_n(c, c->randomized_election_timeout);
	raft_advance_messages_after_append(c);

	EXPECT_EQ(RAFT_STATE_CANDIDATE, c->state);

	network_recover(nt);

	network_send(nt, MSG(.from = 1, .to = 3, .term = a->term, .type = mt));

	EXPECT_EQ(RAFT_STATE_FOLLOWER, c->state);
	EXPECT_EQ(a->term, c->term);
}

TEST(candidate_reset_term_msg_heartbeat)
{
	check_candidate_reset_term(MSG_HEARTBEAT);
}

TEST(candidate_reset_term_msg_app)
{
	check_candidate_reset_term(MSG_APP);
}

TEST(leader_msg_app_self_ack_after_term_change)
{
	struct raft *sm = new_test_raft(1, 5, 1, new_test_memory_storage(with_peers(1, 2, 3)));
	struct raft_messages *steps;

	raft_become_candidate(sm);
	raft_become_leader(sm);

	/* Node 1 proposes an entry. */
	raft_step_msg(sm, msg_prop(1, "somedata"));
	steps = raft_take_messages_after_append(sm);
	EXPECT(steps->len > 0);

	/* It hears that node 2 is the new leader. */
	raft_step_msg(sm, MSG(.from = 2, .to = 1, .term = sm->term + 1, .type = MSG_HEARTBEAT));
	EXPECT_EQ(RAFT_STATE_FOLLOWER, sm->state);

	/* Its acknowledgement of its own entry comes in now, and is ignored: it is
	 * of an earlier term. */
	EXPECT_EQ(RAFT_OK, raft_step_or_send(sm, steps));
	EXPECT_EQ(RAFT_STATE_FOLLOWER, sm->state);
}

/* A heartbeat raises the commit index, and never lowers it. */
TEST(handle_heartbeat)
{
	static const raft_index commit = 2;
	static const struct {
		raft_index commit, wcommit;
	} tests[] = {
		{commit + 1, commit + 1},
		{commit - 1, commit},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct raft_memory_storage *storage = new_test_memory_storage(with_peers(1, 2));
		struct raft_message m = MSG(.from = 2, .to = 1, .type = MSG_HEARTBEAT, .term = 2,
			.commit = tests[i].commit);
		struct raft *sm;

		TEST_CASE("#%zu", i);
		storage_append(storage, index_terms(1, 1, 2, 3));
		sm = new_test_raft(1, 5, 1, storage);
		raft_become_follower(sm, 2, 2);
		raft_log_commit_to(&sm->raft_log, commit);
		raft_handle_heartbeat(sm, &m);
		raft_message_free(&m);
		EXPECT_EQ(tests[i].wcommit, sm->raft_log.committed);
		EXPECT_EQ(MSG_HEARTBEAT_RESP, expect_one_message(sm)->type);
	}
}

/* Whoever answers a heartbeat and is behind is sent entries again. */
TEST(handle_heartbeat_resp)
{
	struct raft_memory_storage *storage = new_test_memory_storage(with_peers(1, 2));
	struct raft_message *m = NULL;
	struct raft *sm;

	storage_append(storage, index_terms(1, 1, 2, 3));
	sm = new_test_raft(1, 5, 1, storage);
	raft_become_candidate(sm);
	raft_become_leader(sm);
	raft_log_commit_to(&sm->raft_log, raft_log_last_index(&sm->raft_log));

	/* As often as it answers without acknowledging them. */
	for (int i = 0; i < 2; i++) {
		raft_step_msg(sm, MSG(.from = 2, .type = MSG_HEARTBEAT_RESP));
		m = expect_one_message(sm);
		EXPECT_EQ(MSG_APP, m->type);
	}

	/* Once it has, a heartbeat response brings nothing more. */
	raft_step_msg(sm, MSG(.from = 2, .type = MSG_APP_RESP, .index = m->index + m->entries.len));
	raft_read_messages(sm);

	raft_step_msg(sm, MSG(.from = 2, .type = MSG_HEARTBEAT_RESP));
	EXPECT_EQ(0, raft_read_messages(sm)->len);
}

TEST(leader_app_resp)
{
	/* At first match = 0, next = 3. */
	static const struct {
		raft_index index;
		bool reject;
		/* progress */
		raft_index wmatch, wnext;
		/* messages */
		uint32_t wmsg_num;
		raft_index windex, wcommitted;
	} tests[] = {
		/* Stale: no reply. */
		{3, true, 0, 3, 0, 0, 0},
		/* Rejected: nothing is committed, next goes back, and it is probed. */
		{2, true, 0, 2, 1, 1, 0},
		/* Accepted: the leader commits, and says so to all. */
		{2, false, 2, 4, 2, 2, 2},
		/* Accepted at 0, which is what it matches already: it goes from probing
		 * to replicating, and is sent all there is, entries 1 to 3, so that
		 * next is 4. */
		{0, false, 0, 4, 1, 0, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct raft *sm =
			new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2, 3)));
		struct raft_messages *msgs;

		TEST_CASE("#%zu", i);
		/* It leads in term 1, and the last entry must be of that term to be
		 * committed. */
		raft_set_log(sm, new_memory_storage_of(index_terms(0, 0, 1, 1)));
		raft_become_candidate(sm);
		raft_become_leader(sm);
		raft_read_messages(sm);
		EXPECT_EQ(RAFT_OK,
			raft_step_msg(
				sm, MSG(.from = 2, .type = MSG_APP_RESP, .index = tests[i].index,
					    .term = sm->term, .reject = tests[i].reject,
					    .reject_hint = tests[i].index)));

		EXPECT_EQ(tests[i].wmatch, raft_progress(sm, 2)->match);
		EXPECT_EQ(tests[i].wnext, raft_progress(sm, 2)->next);

		msgs = raft_read_messages(sm);
		EXPECT_EQ(tests[i].wmsg_num, msgs->len);
		for (uint32_t j = 0; j < msgs->len; j++) {
			EXPECT_EQ(tests[i].windex, msgs->v[j].index);
			EXPECT_EQ(tests[i].wcommitted, msgs->v[j].commit);
		}
	}
}

/* A leader's heartbeat has no index, no log term and no entries, and no commit
 * index beyond what the follower is known to have. */
TEST(bcast_beat)
{
	/* The log begins at index 1000. */
	struct raft_snapshot *s = new_test_snapshot(1000, 1, with_peers(1, 2, 3));
	struct raft_memory_storage *storage = new_empty_memory_storage();
	struct raft_messages *msgs;
	raft_index last;
	struct raft *sm;

	raft_memory_storage_apply_snapshot(storage, s);
	sm = new_test_raft(1, 10, 1, storage);
	sm->term = 1;

	raft_become_candidate(sm);
	raft_become_leader(sm);
	for (int i = 0; i < 10; i++)
		must_append_entry(sm, NULL);
	raft_advance_messages_after_append(sm);
	last = raft_log_last_index(&sm->raft_log);

	/* Node 2 is behind, node 3 is not. */
	raft_progress(sm, 2)->match = 5;
	raft_progress(sm, 2)->next = 6;
	raft_progress(sm, 3)->match = last;
	raft_progress(sm, 3)->next = last + 1;

	raft_step_msg(sm, MSG(.type = MSG_BEAT));
	msgs = raft_read_messages(sm);
	EXPECT_EQ(2, msgs->len);
	for (uint32_t i = 0; i < msgs->len; i++) {
		const struct raft_message *m = &msgs->v[i];

		TEST_CASE("#%u", i);
		EXPECT_EQ(2 + i, m->to);
		EXPECT_EQ(MSG_HEARTBEAT, m->type);
		EXPECT_EQ(0, m->index);
		EXPECT_EQ(0, m->log_term);
		EXPECT_EQ(RAFT_MIN(sm->raft_log.committed, raft_progress(sm, m->to)->match),
			m->commit);
		EXPECT_EQ(0, m->entries.len);
	}
}

TEST(recv_msg_beat)
{
	static const struct {
		enum raft_state state;
		uint32_t wmsg;
	} tests[] = {
		{RAFT_STATE_LEADER, 2},
		/* Others ignore MsgBeat. */
		{RAFT_STATE_CANDIDATE, 0},
		{RAFT_STATE_FOLLOWER, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct raft *sm =
			new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2, 3)));
		struct raft_messages *msgs;

		TEST_CASE("#%zu", i);
		raft_set_log(sm, new_memory_storage_of(index_terms(0, 0, 1, 1)));
		sm->term = 1;
		raft_set_state(sm, tests[i].state);
		raft_step_msg(sm, msg_beat(1));

		msgs = raft_read_messages(sm);
		EXPECT_EQ(tests[i].wmsg, msgs->len);
		for (uint32_t j = 0; j < msgs->len; j++)
			EXPECT_EQ(MSG_HEARTBEAT, msgs->v[j].type);
	}
}
