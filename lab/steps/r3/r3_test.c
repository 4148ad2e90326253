/* SPDX-License-Identifier: Apache-2.0 */
/* Replication Step3: a follower takes in a MsgApp. */
#include "lab/labkit/labkit.h"

#include <string.h>

/* Node 2, which has waited for 7 ticks in term 4 and knows no leader, gets a
 * MsgApp of node 1 with two entries. */
static struct raft *r3_follower(raft_index after)
{
	struct raft *r = lab_node(2, 3, 4, NULL, 0);
	struct raft_message m = {.type = MSG_APP,
		.from = 1,
		.to = 2,
		.term = 4,
		.index = after,
		.log_term = after ? 4 : 0,
		.commit = 1};

	for (raft_index i = 1; i <= 2; i++) {
		struct raft_entry e = {.index = after + i, .term = 4};

		raft_entries_push(&m.entries, &e);
	}
	r->election_elapsed = 7;
	lab_step(r, m);
	return r;
}

TEST(r3_entries_are_appended)
{
	struct raft *r = r3_follower(0);
	const char *log = lab_whole_log(r);

	LAB_EXPECT(strcmp(log, "[1/4 2/4]") == 0,
		"the log of follower 2 is what the MsgApp brought: (index/term) [1/4 2/4]",
		lab_say("it is %s", log));
	LAB_EXPECT(r->raft_log.committed == 1,
		"the MsgApp says commit 1, so follower 2 commits up to 1",
		lab_say("it has committed up to %llu", r->raft_log.committed));
}

TEST(r3_leader_gets_an_answer)
{
	struct raft *r = r3_follower(0);
	const struct raft_message *m = lab_find(r, MSG_APP_RESP, 1);

	LAB_EXPECT(m && !m->reject && m->index == 2 && lab_count(r, MSG_APP_RESP, 0) == 1,
		"follower 2 answers node 1 once: MsgAppResp, it has the log up to index 2",
		lab_outbox(r));
}

TEST(r3_clock_starts_anew)
{
	struct raft *r = r3_follower(0);

	LAB_EXPECT(r->election_elapsed == 0,
		"the leader was heard of, so follower 2 sets its election clock back to 0",
		lab_say("election_elapsed is %d", r->election_elapsed));
}

TEST(r3_leader_is_noted)
{
	struct raft *r = r3_follower(0);

	LAB_EXPECT(r->lead == 1,
		"who sends MsgApp in term 4 is its leader: follower 2 notes node 1",
		lab_state_of(r));
}

TEST(r3_gap_is_rejected)
{
	struct raft *r = r3_follower(5);
	const struct raft_message *m = lab_find(r, MSG_APP_RESP, 1);

	LAB_EXPECT(m && m->reject,
		"entries that do not follow the log of node 2 are rejected, by a MsgAppResp that "
		"says so",
		lab_outbox(r));
	LAB_EXPECT(r->lead == 1 && r->election_elapsed == 0,
		"node 1 is the leader also when its entries do not fit: noted, and the clock set "
		"back",
		lab_say("%s; election_elapsed is %d", lab_state_of(r), r->election_elapsed));
}
