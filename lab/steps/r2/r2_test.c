/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replication Step2: what the leader appended is sent at once. The answers to
 * heartbeats would bring it to the followers later, so no tick passes here and
 * the messages are counted.
 */
#include "lab/labkit/labkit.h"

#include <string.h>

static struct raft *r2_leader(int n)
{
	struct raft *r = lab_node(1, n, 4, NULL, 0);

	lab_be_leader(r);
	return r;
}

TEST(r2_proposal_is_sent_at_once)
{
	struct raft *r = r2_leader(3);

	lab_propose(r, 1);
	LAB_EXPECT(lab_count(r, MSG_APP, 2) == 1 && lab_count(r, MSG_APP, 3) == 1,
		"on a MsgProp leader 1 sends a MsgApp to node 2 and one to node 3, before any tick "
		"passes",
		lab_outbox(r));
	LAB_EXPECT(lab_count(r, MSG_HEARTBEAT, 0) == 0, "no heartbeat is sent for a proposal",
		lab_outbox(r));
}

TEST(r2_every_follower_gets_it)
{
	struct raft *r = r2_leader(5);

	lab_propose(r, 1);
	LAB_EXPECT(lab_count(r, MSG_APP, 0) == 4,
		"of five nodes the four followers get a MsgApp each", lab_outbox(r));
}

/* Replication Step1 numbers the entries: only if that is done well there is
 * something to see here. */
TEST(r2_message_brings_the_entries)
{
	struct raft *r = r2_leader(3);
	const struct raft_message *m;

	if (!lab_entries_are_numbered())
		return;
	lab_propose(r, 3);
	LAB_EXPECT(strcmp(lab_whole_log(r), "[1/4 2/4 3/4]") == 0,
		"the three entries that were proposed are in the leader's log once: (index/term) "
		"[1/4 2/4 3/4]",
		lab_say("it is %s", lab_whole_log(r)));
	m = lab_find(r, MSG_APP, 2);
	LAB_EXPECT(m && m->entries.len == 3 && m->index == 0,
		"the MsgApp brings the three entries that were proposed: it is sent after they "
		"were appended",
		lab_message(m));
}

TEST(r2_proposal_is_accepted)
{
	struct raft *r = r2_leader(3);
	enum raft_error err = lab_propose(r, 1);

	LAB_EXPECT(err == RAFT_OK, "the leader accepts the proposal: raft_step() returns RAFT_OK",
		raft_strerror(err));
}

/* The given code before the blank. */
TEST(r2_dropped_proposal_is_not_sent)
{
	struct raft *r = r2_leader(3);
	enum raft_error err;

	r->lead_transferee = 2;
	err = lab_propose(r, 1);
	LAB_EXPECT(err == RAFT_ERR_PROPOSAL_DROPPED && lab_count(r, MSG_APP, 0) == 0,
		"while leader 1 hands over to node 2 it drops proposals and sends nothing",
		lab_say("%s; %s", raft_strerror(err), lab_outbox(r)));
}
