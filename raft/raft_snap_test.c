/* SPDX-License-Identifier: Apache-2.0 */
/* The original: raft_snap_test.go. */
#include "raft/rafttest/raft_testing.h"

/* leader_from_snapshot is node 1, leader of 1 and 2 with a log that begins after
 * the entry 11 of term 11. */
static struct raft *leader_from_snapshot(struct raft_memory_storage *storage)
{
	struct raft *r = new_test_raft(1, 10, 1, storage);

	EXPECT(raft_restore(r, new_test_snapshot(11, 11, with_peers(1, 2))));
	raft_become_candidate(r);
	raft_become_leader(r);
	return r;
}

/* leader_sending_snapshot is waiting for its snapshot to reach node 2. */
static struct raft *leader_sending_snapshot(void)
{
	struct raft *r = leader_from_snapshot(new_test_memory_storage(with_peers(1, 2)));

	raft_progress(r, 2)->next = 1;
	progress_become_snapshot(raft_progress(r, 2), 11);
	return r;
}

TEST(sending_snapshot_set_pending_snapshot)
{
	struct raft *r = leader_from_snapshot(new_test_memory_storage(with_peers(1)));
	struct progress *pr = raft_progress(r, 2);

	/* so that node 2 needs a snapshot */
	pr->next = raft_log_first_index(&r->raft_log);
	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_APP_RESP, .index = pr->next - 1,
				 .reject = true));
	EXPECT_EQ(11, pr->pending_snapshot);
}

TEST(pending_snapshot_pause_replication)
{
	struct raft *r = leader_from_snapshot(new_test_memory_storage(with_peers(1, 2)));

	progress_become_snapshot(raft_progress(r, 2), 11);
	raft_step_msg(r, msg_prop(1, "somedata"));
	EXPECT_EQ(0, raft_read_messages(r)->len);
}

TEST(snapshot_failure)
{
	struct raft *r = leader_sending_snapshot();
	struct progress *pr = raft_progress(r, 2);

	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_SNAP_STATUS, .reject = true));
	EXPECT_EQ(0, pr->pending_snapshot);
	EXPECT_EQ(1, pr->next);
	EXPECT(pr->msg_app_flow_paused);
}

TEST(snapshot_succeed)
{
	struct raft *r = leader_sending_snapshot();
	struct progress *pr = raft_progress(r, 2);

	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_SNAP_STATUS));
	EXPECT_EQ(0, pr->pending_snapshot);
	EXPECT_EQ(12, pr->next);
	EXPECT(pr->msg_app_flow_paused);
}

/* An acknowledgement of the snapshot's index, or more, ends the wait for it. */
TEST(snapshot_abort)
{
	struct raft *r = leader_sending_snapshot();
	struct progress *pr = raft_progress(r, 2);

	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_APP_RESP, .index = 11));
	EXPECT_EQ(0, pr->pending_snapshot);
	/* The leader replicates again: its empty entry, 12, is on its way. */
	EXPECT_EQ(13, pr->next);
	EXPECT_EQ(1, pr->inflights.count);
}
