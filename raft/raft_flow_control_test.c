/* SPDX-License-Identifier: Apache-2.0 */
/* The original: raft_flow_control_test.go. */
#include "raft/rafttest/raft_testing.h"

/* leader_replicating is node 1, leader of 1 and 2, which may send node 2 as many
 * messages as its window holds. */
static struct raft *leader_replicating(void)
{
	struct raft *r = new_test_raft(1, 5, 1, new_test_memory_storage(with_peers(1, 2)));

	raft_become_candidate(r);
	raft_become_leader(r);
	progress_become_replicate(raft_progress(r, 2));
	return r;
}

static struct raft_messages *propose(struct raft *r)
{
	raft_step_msg(r, msg_prop(1, "somedata"));
	return raft_read_messages(r);
}

static void fill_window(struct raft *r)
{
	for (int i = 0; i < r->trk.max_inflight; i++) {
		struct raft_messages *ms = propose(r);

		EXPECT_EQ(1, ms->len);
		EXPECT_EQ(MSG_APP, ms->v[0].type);
	}
}

/* The window can be filled, and then nothing more is sent. */
TEST(msg_app_flow_control_full)
{
	struct raft *r = leader_replicating();

	fill_window(r);
	EXPECT(progress_is_paused(raft_progress(r, 2)));
	for (int i = 0; i < 10; i++)
		EXPECT_EQ(0, propose(r)->len);
}

/* An acknowledgement moves the window past all up to its index; an old one does
 * nothing. */
TEST(msg_app_flow_control_move_forward)
{
	struct raft *r = leader_replicating();
	const struct progress *pr = raft_progress(r, 2);

	fill_window(r);
	/* Entry 1 is the leader's empty one, 2 the first proposal. */
	for (int acked = 2; acked < r->trk.max_inflight; acked++) {
		raft_step_msg(r,
			MSG(.from = 2, .to = 1, .type = MSG_APP_RESP, .index = (raft_index)acked));
		raft_read_messages(r);

		/* there is room for one, and it is filled */
		struct raft_messages *ms = propose(r);
		EXPECT_EQ(1, ms->len);
		EXPECT_EQ(MSG_APP, ms->v[0].type);
		EXPECT(progress_is_paused(pr));

		for (int old = 0; old < acked; old++) {
			raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_APP_RESP,
						 .index = (raft_index)old));
			EXPECT(progress_is_paused(pr));
		}
	}
}

/* With a full window, each answer to a heartbeat lets one empty MsgApp out. */
TEST(msg_app_flow_control_recv_heartbeat)
{
	struct raft *r = leader_replicating();
	const struct progress *pr = raft_progress(r, 2);
	const struct raft_message resp = MSG(.from = 2, .to = 1, .type = MSG_HEARTBEAT_RESP);

	fill_window(r);
	for (int n = 1; n < 5; n++) {
		for (int i = 0; i < n; i++) {
			EXPECT(progress_is_paused(pr));
			raft_step_msg(r, resp);
			const struct raft_message *m = expect_one_message(r);
			EXPECT_EQ(MSG_APP, m->type);
			EXPECT_EQ(0, m->entries.len);
		}
		for (int i = 0; i < 10; i++) {
			EXPECT(progress_is_paused(pr));
			EXPECT_EQ(0, propose(r)->len);
		}
		raft_step_msg(r, resp);
		raft_read_messages(r);
	}
}
