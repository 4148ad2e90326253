/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules for leaders that the original's tests pass over: each of these tests was
 * written because a mistake went unnoticed (lab/mutations).
 */
#include "raft/rafttest/raft_testing.h"

#include <string.h>

/* A leader of 1, 2 and 3 in term 1 that has sent its first messages. */
static struct raft *new_leader(struct raft_memory_storage *s)
{
	struct raft *r = new_test_raft(1, 10, 1, s);

	raft_become_candidate(r);
	raft_become_leader(r);
	raft_read_messages(r);
	return r;
}

static struct raft *new_leader_of_three(void)
{
	return new_leader(new_test_memory_storage(with_peers(1, 2, 3)));
}

static void ack(struct raft *r, raft_id from, raft_index index)
{
	raft_step_msg(r, MSG(.from = from, .to = r->id, .type = MSG_APP_RESP, .term = r->term,
				 .index = index));
}

static size_t count(const struct raft_messages *msgs, enum raft_message_type type)
{
	size_t n = 0;

	for (uint32_t i = 0; i < msgs->len; i++)
		n += msgs->v[i].type == type;
	return n;
}

/* ---- A new term ------------------------------------------------------------- */

/* Nothing of an earlier leadership is known any more. */
TEST(leader_again_knows_nothing)
{
	struct raft *r = new_leader_of_three();

	ack(r, 2, 1);
	raft_step_msg(r, msg_prop(1, "somedata"));
	raft_step_msg(r, msg_read_index(1, "ctx"));
	EXPECT_EQ(1, raft_progress(r, 2)->match);
	EXPECT_EQ(1, raft_progress(r, 2)->inflights.count);
	EXPECT(r->uncommitted_size > 0);
	EXPECT_EQ(1, r->read_only.len);

	raft_become_follower(r, 2, RAFT_NONE);
	EXPECT_EQ(0, raft_progress(r, 2)->match);
	EXPECT_EQ(0, raft_progress(r, 2)->inflights.count);
	EXPECT_EQ(0, r->uncommitted_size);
	EXPECT_EQ(0, r->read_only.len);

	/* So what node 2 had before does not commit the new empty entry. */
	raft_become_candidate(r);
	raft_become_leader(r);
	raft_read_messages(r);
	EXPECT_EQ(0, raft_progress(r, 2)->match);
	EXPECT_EQ(raft_log_last_index(&r->raft_log), raft_progress(r, 1)->match);
}

/* A new leader begins to count at 0, and may see more committed than it counted. */
TEST(uncommitted_size_stops_at_zero)
{
	struct raft *r = new_leader_of_three();

	r->uncommitted_size = 3;
	raft_reduce_uncommitted_size(r, 5);
	EXPECT_EQ(0, r->uncommitted_size);
}

/* ---- Heartbeats ------------------------------------------------------------- */

TEST(learners_get_heartbeats)
{
	struct raft *r = new_leader(new_test_memory_storage(with_peers(1, 2), with_learners(3)));

	raft_step_msg(r, msg_beat(1));
	struct raft_messages *msgs = raft_read_messages(r);
	EXPECT_EQ(2, msgs->len);
	EXPECT_EQ(2, msgs->v[0].to);
	EXPECT_EQ(3, msgs->v[1].to);
}

/* The commit index that goes out with a heartbeat need not go out again. */
TEST(heartbeat_notes_the_commit_index)
{
	struct raft *r = new_leader_of_three();

	ack(r, 2, 1);
	raft_read_messages(r);
	raft_progress(r, 2)->sent_commit = 0;
	raft_step_msg(r, msg_beat(1));
	EXPECT_EQ(1, raft_progress(r, 2)->sent_commit);
	EXPECT_EQ(0, raft_progress(r, 3)->sent_commit);
}

/* The answer to a heartbeat starts replication again also where nothing is lacking. */
TEST(heartbeat_answer_ends_probe)
{
	struct raft *r = new_leader_of_three();

	ack(r, 2, 1);
	raft_read_messages(r);
	progress_become_probe(raft_progress(r, 2));
	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_HEARTBEAT_RESP, .term = 1));
	struct raft_message *m = expect_one_message(r);
	EXPECT_EQ(MSG_APP, m->type);
	EXPECT_EQ(0, m->entries.len);
	ack(r, 2, 1);
	EXPECT_EQ(RAFT_PROGRESS_REPLICATE, raft_progress(r, 2)->state);
}

/* ---- Reads ------------------------------------------------------------------ */

/* What was lost is made up for by the next heartbeats. */
TEST(heartbeats_carry_the_newest_read)
{
	struct raft *r = new_leader_of_three();

	ack(r, 2, 1);
	raft_step_msg(r, msg_read_index(1, "ctx1"));
	raft_step_msg(r, msg_read_index(1, "ctx2"));
	raft_read_messages(r);

	raft_step_msg(r, msg_beat(1));
	struct raft_messages *msgs = raft_read_messages(r);
	EXPECT_EQ(2, msgs->len);
	EXPECT(context_is(&msgs->v[0].context, "ctx2"));
	EXPECT(context_is(&msgs->v[1].context, "ctx2"));
}

TEST(reads_are_all_released_by_the_first_commit)
{
	struct raft *r = new_leader_of_three();

	raft_step_msg(r, msg_read_index(1, "ctx1"));
	raft_step_msg(r, msg_read_index(1, "ctx2"));
	EXPECT_EQ(2, r->pending_read_index_messages.len);
	EXPECT_EQ(0, count(raft_read_messages(r), MSG_HEARTBEAT));

	ack(r, 2, 1);
	EXPECT_EQ(0, r->pending_read_index_messages.len);
	EXPECT_EQ(2, r->read_only.len);
	EXPECT_EQ(4, count(raft_read_messages(r), MSG_HEARTBEAT));
}

/* ---- Snapshots -------------------------------------------------------------- */

/* A follower that is behind the log waits for its snapshot, whatever it acknowledges. */
TEST(snapshot_goes_on_while_behind_the_log)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1, 2, 3));
	struct raft *r = new_leader(s);

	for (int i = 0; i < 9; i++)
		raft_step_msg(r, msg_prop(1, "somedata"));
	ack(r, 2, 10);
	next_ents(r, s);
	raft_memory_storage_create_snapshot(s, 10, NULL, NULL, NULL);
	raft_memory_storage_compact(s, 10);
	progress_become_snapshot(raft_progress(r, 3), 10);
	raft_read_messages(r);

	ack(r, 3, 5);
	EXPECT_EQ(RAFT_PROGRESS_SNAPSHOT, raft_progress(r, 3)->state);
	EXPECT_EQ(10, raft_progress(r, 3)->pending_snapshot);
	EXPECT_EQ(0, raft_read_messages(r)->len);
}

/* A late report about a snapshot says nothing of a follower that is streamed to. */
TEST(snapshot_report_counts_while_waiting_for_it)
{
	struct raft *r = new_leader_of_three();

	ack(r, 2, 1);
	EXPECT_EQ(RAFT_PROGRESS_REPLICATE, raft_progress(r, 2)->state);
	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_SNAP_STATUS));
	EXPECT_EQ(RAFT_PROGRESS_REPLICATE, raft_progress(r, 2)->state);
	EXPECT(!raft_progress(r, 2)->msg_app_flow_paused);
}

static enum raft_error no_snapshot_yet(struct raft_storage *s, struct raft_snapshot **snap)
{
	(void)s;
	(void)snap;
	return RAFT_ERR_SNAPSHOT_TEMPORARILY_UNAVAILABLE;
}

/* Making a snapshot may take time; the follower is asked again later. */
TEST(snapshot_not_ready_yet)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1, 2, 3));
	struct raft *r = new_leader(s);
	struct raft_storage_ops ops = *raft_memory_storage_base(s)->ops;

	ack(r, 2, 1);
	next_ents(r, s);
	raft_memory_storage_compact(s, 1);
	raft_read_messages(r);
	ops.snapshot = no_snapshot_yet;
	raft_memory_storage_base(s)->ops = &ops;

	struct progress *pr = raft_progress(r, 3);
	pr->recent_active = true;
	pr->next = 1;
	raft_step_msg(r, MSG(.from = 3, .to = 1, .type = MSG_HEARTBEAT_RESP, .term = 1));
	EXPECT_EQ(RAFT_PROGRESS_PROBE, pr->state);
	EXPECT_EQ(0, raft_read_messages(r)->len);
}

/* ---- Leader transfer -------------------------------------------------------- */

/* It is told to campaign when it has the whole log, not with the first part. */
TEST(leader_transfer_waits_for_the_whole_log)
{
	struct raft *r = new_leader_of_three();

	raft_step_msg(r, msg_prop(1, "somedata"));
	raft_step_msg(r, msg_prop(1, "somedata"));
	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_TRANSFER_LEADER));
	ack(r, 2, 2);
	EXPECT_EQ(0, count(raft_read_messages(r), MSG_TIMEOUT_NOW));
	ack(r, 2, 3);
	EXPECT_EQ(1, count(raft_read_messages(r), MSG_TIMEOUT_NOW));
}

/* ---- The queue of reads ----------------------------------------------------- */

static void heartbeat_ack(struct raft *r, raft_id from, const char *ctx)
{
	struct raft_message m =
		MSG(.from = from, .to = r->id, .type = MSG_HEARTBEAT_RESP, .term = r->term);

	raft_context_set(&m.context, ctx, strlen(ctx));
	raft_step_msg(r, m);
}

/* A read that is confirmed confirms those before it, in order, and none behind. */
TEST(read_confirms_those_before)
{
	static const char *const ctx[] = {"ctx1", "ctx2", "ctx3"};
	struct raft *r = new_leader_of_three();

	ack(r, 2, 1);
	for (size_t i = 0; i < ARRAY_LEN(ctx); i++)
		raft_step_msg(r, msg_read_index(1, ctx[i]));
	EXPECT_EQ(3, r->read_only.len);
	heartbeat_ack(r, 2, "ctx2");
	EXPECT_EQ(2, r->read_states_len);
	EXPECT(context_is(&r->read_states[0].request_ctx, "ctx1"));
	EXPECT(context_is(&r->read_states[1].request_ctx, "ctx2"));
	EXPECT_EQ(1, r->read_only.len);
	heartbeat_ack(r, 3, "ctx2");
	EXPECT_EQ(2, r->read_states_len);
	heartbeat_ack(r, 3, "ctx3");
	EXPECT_EQ(3, r->read_states_len);
	EXPECT_EQ(0, r->read_only.len);
}

/* A read that is asked for again while it waits is the same read. */
TEST(read_repeated_is_answered_once)
{
	struct raft *r = new_leader_of_three();

	ack(r, 2, 1);
	raft_step_msg(r, msg_read_index(1, "ctx"));
	raft_step_msg(r, msg_read_index(1, "ctx"));
	EXPECT_EQ(1, r->read_only.len);
	heartbeat_ack(r, 2, "ctx");
	EXPECT_EQ(1, r->read_states_len);
	EXPECT_EQ(0, r->read_only.len);
}
