/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replication Step4: a quorum has the entry. The commit index moves, and everyone
 * is told at once; heartbeats would tell it later, so no tick passes here and the
 * messages are counted.
 */
#include "lab/labkit/labkit.h"

/* Node 1 of n leads in term 4; its log has two entries of the given term. */
static struct raft *r4_leader(int n, raft_term term)
{
	raft_term log[] = {term, term};
	struct raft *r = lab_node(1, n, 4, log, 2);

	lab_be_leader(r);
	return r;
}

/* Node from tells the leader that it has the log up to index. */
static void r4_has(struct raft *r, raft_id from, raft_index index)
{
	lab_step(
		r, (struct raft_message){
			   .type = MSG_APP_RESP, .from = from, .to = 1, .term = 4, .index = index});
}

TEST(r4_entry_on_a_majority_is_committed)
{
	struct raft *r = r4_leader(3, 4);

	r4_has(r, 2, 2);
	LAB_EXPECT(r->raft_log.committed == 2,
		"nodes 1 and 2 of three have entry 2 of term 4: leader 1 commits up to 2",
		lab_say("it has committed up to %llu", r->raft_log.committed));
}

TEST(r4_everyone_is_told_at_once)
{
	struct raft *r = r4_leader(3, 4);

	r4_has(r, 2, 2);
	for (raft_id to = 2; to <= 3; to++) {
		const struct raft_message *m = lab_find(r, MSG_APP, to);

		LAB_EXPECT(m && m->commit == 2 && lab_count(r, MSG_APP, to) == 1,
			lab_say("leader 1 sends one MsgApp with commit 2 to node %llu, before any "
				"tick passes",
				to),
			lab_outbox(r));
	}
}

TEST(r4_minority_does_not_commit)
{
	struct raft *r = r4_leader(5, 4);

	r4_has(r, 2, 2);
	LAB_EXPECT(r->raft_log.committed == 0,
		"two of five nodes have entry 2: it is not committed",
		lab_say("leader 1 has committed up to %llu", r->raft_log.committed));
	LAB_EXPECT(lab_count(r, MSG_APP, 0) == 0,
		"the commit index did not move, so there is nothing to tell", lab_outbox(r));
	r4_has(r, 3, 1);
	LAB_EXPECT(r->raft_log.committed == 1,
		"three of five nodes have entry 1: leader 1 commits up to 1",
		lab_say("it has committed up to %llu", r->raft_log.committed));
}

TEST(r4_every_move_is_told_once)
{
	struct raft *r = r4_leader(5, 4);

	r4_has(r, 2, 2);
	r4_has(r, 3, 2);
	LAB_EXPECT(r->raft_log.committed == 2 && lab_count(r, MSG_APP, 0) == 4,
		"with node 3 three of five nodes have entry 2: leader 1 commits up to 2 and sends "
		"one "
		"MsgApp to each of the four others",
		lab_say("committed %llu; %s", r->raft_log.committed, lab_outbox(r)));
	lab_forget_messages(r);
	r4_has(r, 4, 2);
	LAB_EXPECT(lab_count(r, MSG_APP, 0) == 0,
		"node 4 has entry 2 as well, but the commit index stays at 2: no further MsgApp",
		lab_outbox(r));
}

/* Figure 8 of the paper: an entry of an older term is not committed by counting. */
TEST(r4_older_terms_are_not_counted)
{
	struct raft *r = r4_leader(3, 3);

	r4_has(r, 2, 2);
	LAB_EXPECT(r->raft_log.committed == 0,
		"entry 2 is of term 3 and leader 1 is of term 4: a majority that has it does not "
		"commit it",
		lab_say("it has committed up to %llu", r->raft_log.committed));
	LAB_EXPECT(lab_count(r, MSG_APP, 0) == 0, "and so there is nothing to tell", lab_outbox(r));
}
