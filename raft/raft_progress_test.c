/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a leader sends to a follower, and when, by what it knows of the follower:
 * probing, replicating, waiting, and the limits on what may be on its way.
 */
#include "raft/rafttest/raft_testing.h"

#include <string.h>

static struct raft *new_leader(struct raft_memory_storage *storage, int election)
{
	struct raft *r = new_test_raft(1, election, 1, storage);

	raft_become_candidate(r);
	raft_become_leader(r);
	return r;
}

TEST(progress_leader)
{
	struct raft *r = new_leader(new_test_memory_storage(with_peers(1, 2)), 5);
	const struct raft_entries *ents;

	progress_become_replicate(raft_progress(r, 2));

	/* Five proposals go into the unstable log. */
	for (int i = 0; i < 5; i++)
		EXPECT_EQ(RAFT_OK, raft_step_msg(r, msg_prop(1, "foo")));

	EXPECT_EQ(0, raft_progress(r, 1)->match);
	ents = raft_unstable_ents(r);
	EXPECT_EQ(6, ents->len);
	EXPECT_EQ(0, ents->v[0].len);
	EXPECT_STR_EQ("foo", entry_data(&ents->v[5]));

	/* The leader counts its own entries only once they are stable. */
	raft_advance_messages_after_append(r);

	EXPECT_EQ(6, raft_progress(r, 1)->match);
	EXPECT_EQ(7, raft_progress(r, 1)->next);
}

/* A heartbeat response ends a pause; sending a heartbeat does not. */
TEST(progress_resume_by_heartbeat_resp)
{
	struct raft *r = new_leader(new_test_memory_storage(with_peers(1, 2)), 5);

	raft_progress(r, 2)->msg_app_flow_paused = true;

	raft_step_msg(r, msg_beat(1));
	EXPECT(raft_progress(r, 2)->msg_app_flow_paused);

	progress_become_replicate(raft_progress(r, 2));
	EXPECT(!raft_progress(r, 2)->msg_app_flow_paused);
	raft_progress(r, 2)->msg_app_flow_paused = true;
	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_HEARTBEAT_RESP));
	EXPECT(!raft_progress(r, 2)->msg_app_flow_paused);
}

TEST(progress_paused)
{
	struct raft *r = new_leader(new_test_memory_storage(with_peers(1, 2)), 5);

	for (int i = 0; i < 3; i++)
		raft_step_msg(r, msg_prop(1, "somedata"));

	EXPECT_EQ(1, raft_read_messages(r)->len);
}

/* Acknowledges index, and expects in return MsgApps with so many entries each,
 * 0 standing for the end. Returns: the index of the last entry sent. */
static raft_index ack_and_verify(struct raft *r, raft_index index, const uint32_t exp_entries[4])
{
	struct raft_messages *ms;
	struct raft_entries *last;
	uint32_t n = 0;

	while (exp_entries[n] != 0)
		n++;
	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_APP_RESP, .index = index));
	ms = raft_read_messages(r);
	EXPECT_EQ(n, ms->len);
	for (uint32_t i = 0; i < n; i++) {
		EXPECT_EQ(MSG_APP, ms->v[i].type);
		EXPECT_EQ(exp_entries[i], ms->v[i].entries.len);
	}
	last = &ms->v[n - 1].entries;
	return last->v[last->len - 1].index;
}

TEST(progress_flow_control)
{
	struct raft_config cfg =
		new_test_config(1, 5, 1, new_test_memory_storage(with_peers(1, 2)));
	static char blob[1000 + 1], large[5000 + 1];
	struct raft_messages *ms;
	raft_index index;
	struct raft *r;

	memset(blob, 'a', sizeof(blob) - 1);
	memset(large, 'b', sizeof(large) - 1);

	cfg.max_inflight_msgs = 3;
	cfg.max_size_per_msg = 2048;
	cfg.max_inflight_bytes = 9000; /* a little over the product of the two */
	r = new_raft(&cfg);
	raft_become_candidate(r);
	raft_become_leader(r);

	/* The messages of the election itself are of no interest. */
	raft_read_messages(r);

	/* While node 2 is being probed, propose a number of entries, some of them
	 * large. */
	progress_become_probe(raft_progress(r, 2));
	for (int i = 0; i < 22; i++)
		raft_step_msg(r, msg_prop(1, i >= 10 && i < 16 ? large : blob));

	/* The first append has two entries: the leader's empty one and the first
	 * proposal; no more is sent while probing. */
	ms = raft_read_messages(r);
	EXPECT_EQ(1, ms->len);
	EXPECT_EQ(MSG_APP, ms->v[0].type);
	EXPECT_EQ(2, ms->v[0].entries.len);
	EXPECT_EQ(0, ms->v[0].entries.v[0].len);
	EXPECT_EQ(1000, ms->v[0].entries.v[1].len);

	/* Once that is acknowledged, several messages go out at once. */
	index = ack_and_verify(r, ms->v[0].entries.v[1].index, (uint32_t[4]){2, 2, 2});
	/* All of them are acknowledged together. The third message now has one
	 * large entry, where the first has two small ones. */
	index = ack_and_verify(r, index, (uint32_t[4]){2, 1, 1});
	/* One large entry per message from here on, and two messages at most: a
	 * third would go beyond max_inflight_bytes. */
	index = ack_and_verify(r, index, (uint32_t[4]){1, 1});
	index = ack_and_verify(r, index, (uint32_t[4]){1, 1});
	/* Then the small ones again. */
	index = ack_and_verify(r, index, (uint32_t[4]){1, 2, 2});
	ack_and_verify(r, index, (uint32_t[4]){2});
}

TEST(uncommitted_entry_limit)
{
	/* So many entries that counting their headers, too, would show. */
	enum { MAX_ENTRIES = 1024, NUM_FOLLOWERS = 2 };
	const uint64_t max_entry_size = MAX_ENTRIES * strlen("testdata");
	struct raft_config cfg =
		new_test_config(1, 5, 1, new_test_memory_storage(with_peers(1, 2, 3)));
	struct raft_messages *ms;
	struct raft *r;

	EXPECT_EQ(0, raft_payloads_size(&(struct raft_entry){.index = 1}, 1));

	cfg.max_uncommitted_entries_size = max_entry_size;
	cfg.max_inflight_msgs = 2 * 1024; /* so that this limit stays out of it */
	r = new_raft(&cfg);
	raft_become_candidate(r);
	raft_become_leader(r);
	EXPECT_EQ(0, r->uncommitted_size);

	progress_become_replicate(raft_progress(r, 2));
	progress_become_replicate(raft_progress(r, 3));

	/* There is room for so many entries, and for no more. */
	for (int i = 0; i < MAX_ENTRIES; i++)
		EXPECT_EQ(RAFT_OK, raft_step_msg(r, msg_prop(1, "testdata")));
	EXPECT_EQ(RAFT_ERR_PROPOSAL_DROPPED, raft_step_msg(r, msg_prop(1, "testdata")));

	/* Let them be committed. */
	ms = raft_read_messages(r);
	EXPECT_EQ(MAX_ENTRIES * NUM_FOLLOWERS, ms->len);
	raft_reduce_uncommitted_size(r, max_entry_size);
	EXPECT_EQ(0, r->uncommitted_size);

	/* One large proposal may go past the limit if we are below it before. */
	EXPECT_EQ(RAFT_OK,
		raft_step_msg(r, MSG(.from = 1, .to = 1, .type = MSG_PROP,
					 .entries = repeat_entry("testdata", 2 * MAX_ENTRIES))));
	EXPECT_EQ(RAFT_ERR_PROPOSAL_DROPPED, raft_step_msg(r, msg_prop(1, "testdata")));

	/* An entry without payload can always be appended: a new leader's first,
	 * and the one that leaves a joint configuration, depend on it. */
	EXPECT_EQ(RAFT_OK, raft_step_msg(r, msg_prop(1, NULL)));

	ms = raft_read_messages(r);
	EXPECT_EQ(2 * NUM_FOLLOWERS, ms->len);
	raft_reduce_uncommitted_size(r, 2 * max_entry_size);
	EXPECT_EQ(0, r->uncommitted_size);
}

/* An acknowledgement lets the leader send again to who gave it, and to no other. */
TEST(msg_app_resp_wait_reset)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1, 2, 3));
	struct raft *r = new_leader(s, 5);
	struct raft_message *m;

	/* The leader has sent its empty entry, and appended it itself. */
	next_ents(r, s);

	/* Node 2 acknowledges it, which commits it. */
	raft_step_msg(r, MSG(.from = 2, .type = MSG_APP_RESP, .index = 1));
	EXPECT_EQ(1, r->raft_log.committed);

	/* The messages that say so are of no interest. */
	raft_read_messages(r);

	/* A proposal goes to node 2 only: node 3 has not acknowledged its probe. */
	raft_step_msg(r, MSG(.from = 1, .type = MSG_PROP, .entries = one_entry(NULL)));
	m = expect_one_message(r);
	EXPECT_EQ(MSG_APP, m->type);
	EXPECT_EQ(2, m->to);
	EXPECT_EQ(1, m->entries.len);
	EXPECT_EQ(2, m->entries.v[0].index);

	/* Once it has, entry 2 is sent to it as well. */
	raft_step_msg(r, MSG(.from = 3, .type = MSG_APP_RESP, .index = 1));
	m = expect_one_message(r);
	EXPECT_EQ(MSG_APP, m->type);
	EXPECT_EQ(3, m->to);
	EXPECT_EQ(1, m->entries.len);
	EXPECT_EQ(2, m->entries.v[0].index);
}

TEST(leader_increase_next)
{
	const struct raft_entries *previous_ents = index_terms(1, 1, 2, 3);
	const struct {
		enum raft_progress_state state;
		raft_index next, wnext;
	} tests[] = {
		/* Replicating: next runs ahead, past the previous entries, the
		 * leader's empty one and the proposal. */
		{RAFT_PROGRESS_REPLICATE, 2, 3 + 1 + 1 + 1},
		/* Probing: next waits for the answer. */
		{RAFT_PROGRESS_PROBE, 2, 2},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct raft *sm =
			new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2)));

		TEST_CASE("#%zu", i);
		raft_log_append(&sm->raft_log, previous_ents->v, previous_ents->len);
		raft_become_candidate(sm);
		raft_become_leader(sm);
		raft_progress(sm, 2)->state = tests[i].state;
		raft_progress(sm, 2)->next = tests[i].next;
		raft_step_msg(sm, msg_prop(1, "somedata"));

		EXPECT_EQ(tests[i].wnext, raft_progress(sm, 2)->next);
	}
}

TEST(send_append_for_progress_probe)
{
	struct raft *r = new_leader(new_test_memory_storage(with_peers(1, 2)), 10);
	struct raft_message *m;

	raft_read_messages(r);
	progress_become_probe(raft_progress(r, 2));

	/* Each round is a heartbeat. */
	for (int i = 0; i < 3; i++) {
		if (i == 0) {
			/* One MsgApp is sent, then none until a heartbeat response. */
			must_append_entry(r, "somedata");
			raft_send_append(r, 2);
			EXPECT_EQ(0, expect_one_message(r)->index);
		}

		EXPECT(raft_progress(r, 2)->msg_app_flow_paused);
		for (int j = 0; j < 10; j++) {
			must_append_entry(r, "somedata");
			raft_send_append(r, 2);
			EXPECT_EQ(0, raft_read_messages(r)->len);
		}

		/* The heartbeat itself changes nothing. */
		for (int j = 0; j < r->heartbeat_timeout; j++)
			raft_step_msg(r, msg_beat(1));
		EXPECT(raft_progress(r, 2)->msg_app_flow_paused);

		EXPECT_EQ(MSG_HEARTBEAT, expect_one_message(r)->type);
	}

	/* Its response allows another message. */
	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_HEARTBEAT_RESP));
	m = expect_one_message(r);
	EXPECT_EQ(MSG_APP, m->type);
	EXPECT_EQ(0, m->index);
	EXPECT(raft_progress(r, 2)->msg_app_flow_paused);
}

TEST(send_append_for_progress_replicate)
{
	struct raft *r = new_leader(new_test_memory_storage(with_peers(1, 2)), 10);

	raft_read_messages(r);
	progress_become_replicate(raft_progress(r, 2));

	for (int i = 0; i < 10; i++) {
		must_append_entry(r, "somedata");
		raft_send_append(r, 2);
		EXPECT_EQ(1, raft_read_messages(r)->len);
	}
}

TEST(send_append_for_progress_snapshot)
{
	struct raft *r = new_leader(new_test_memory_storage(with_peers(1, 2)), 10);

	raft_read_messages(r);
	progress_become_snapshot(raft_progress(r, 2), 10);

	for (int i = 0; i < 10; i++) {
		must_append_entry(r, "somedata");
		raft_send_append(r, 2);
		EXPECT_EQ(0, raft_read_messages(r)->len);
	}
}

TEST(recv_msg_unreachable)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1, 2));
	struct raft *r;

	storage_append(s, index_terms(1, 1, 2, 3));
	r = new_leader(s, 10);
	raft_read_messages(r);
	/* Node 2 is replicated to, and entry 5 is on its way. */
	raft_progress(r, 2)->match = 3;
	progress_become_replicate(raft_progress(r, 2));
	raft_progress(r, 2)->next = 6;

	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_UNREACHABLE));

	EXPECT_EQ(RAFT_PROGRESS_PROBE, raft_progress(r, 2)->state);
	EXPECT_EQ(raft_progress(r, 2)->match + 1, raft_progress(r, 2)->next);
}

/* A follower that rejects while it is being replicated to has lost something: it
 * is probed, from behind what it is known to have. */
TEST(replicate_rejection)
{
	struct raft *r = new_leader(new_test_memory_storage(with_peers(1, 2)), 10);
	struct raft_message *m;

	raft_read_messages(r);
	for (int i = 0; i < 3; i++)
		must_append_entry(r, "somedata");
	raft_progress(r, 2)->match = 1;
	progress_become_replicate(raft_progress(r, 2));
	raft_progress(r, 2)->next = 4;

	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_APP_RESP, .index = 3, .reject = true,
				 .reject_hint = 1, .log_term = 1));
	EXPECT_EQ(RAFT_PROGRESS_PROBE, raft_progress(r, 2)->state);
	m = expect_one_message(r);
	EXPECT_EQ(MSG_APP, m->type);
	EXPECT_EQ(1, m->index);
	EXPECT(raft_progress(r, 2)->msg_app_flow_paused);
}

/* A follower that acknowledges what others have committed before is told the
 * commit index at once, if it may not know it. */
TEST(app_resp_brings_commit)
{
	struct raft *r = new_leader(new_test_memory_storage(with_peers(1, 2, 3)), 10);
	struct raft_message *m;

	raft_bcast_append(r);
	raft_read_messages(r);
	/* Node 2 commits the leader's entry. Node 3 is not told: it has not answered
	 * its probe. */
	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_APP_RESP, .index = 1));
	EXPECT_EQ(1, r->raft_log.committed);
	raft_read_messages(r);

	raft_step_msg(r, MSG(.from = 3, .to = 1, .type = MSG_APP_RESP, .index = 1));
	m = expect_one_message(r);
	EXPECT_EQ(MSG_APP, m->type);
	EXPECT_EQ(3, m->to);
	EXPECT_EQ(1, m->commit);
	EXPECT_EQ(0, m->entries.len);

	/* Now it knows. */
	raft_step_msg(r, MSG(.from = 3, .to = 1, .type = MSG_APP_RESP, .index = 1));
	EXPECT_EQ(0, raft_read_messages(r)->len);
}

/* Old acknowledgements change nothing. */
TEST(stale_app_resp)
{
	struct raft *r = new_leader(new_test_memory_storage(with_peers(1, 2)), 10);

	raft_read_messages(r);
	for (int i = 0; i < 2; i++)
		must_append_entry(r, "somedata");
	raft_advance_messages_after_append(r);
	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_APP_RESP, .index = 3));
	EXPECT_EQ(3, r->raft_log.committed);
	raft_read_messages(r);

	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_APP_RESP, .index = 2));
	EXPECT_EQ(3, raft_progress(r, 2)->match);
	EXPECT_EQ(4, raft_progress(r, 2)->next);
	EXPECT_EQ(0, raft_read_messages(r)->len);
}
