/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Election Step6: the candidate has won. The MsgApp that asserts it must leave at
 * once: a heartbeat would hide a missing one a tick later, so no tick passes here.
 */
#include "lab/labkit/labkit.h"

#include <string.h>

static struct raft *e6_candidate(int n)
{
	struct raft *r = lab_node(1, n, 3, NULL, 0);

	lab_be_candidate(r);
	return r;
}

static void e6_vote(struct raft *r, raft_id from, bool reject)
{
	lab_step(r,
		(struct raft_message){
			.type = MSG_VOTE_RESP, .from = from, .to = 1, .term = 4, .reject = reject});
}

TEST(e6_winner_becomes_the_leader)
{
	struct raft *r = e6_candidate(3);

	e6_vote(r, 2, false);
	LAB_EXPECT(r->state == RAFT_STATE_LEADER && r->term == 4 && r->lead == 1,
		"candidate 1 has two of three votes, its own and node 2's: it is the leader in "
		"term 4",
		lab_state_of(r));
}

TEST(e6_leader_asserts_itself_at_once)
{
	struct raft *r = e6_candidate(3);

	e6_vote(r, 2, false);
	LAB_EXPECT(lab_count(r, MSG_APP, 2) == 1 && lab_count(r, MSG_APP, 3) == 1,
		"the new leader sends a MsgApp to node 2 and one to node 3 before any tick passes",
		lab_outbox(r));
	LAB_EXPECT(lab_count(r, MSG_HEARTBEAT, 0) == 0,
		"it asserts itself with MsgApp; heartbeats come with the ticks", lab_outbox(r));
	LAB_EXPECT(lab_find(r, MSG_APP, 2)->term == 4, "the MsgApp is of term 4",
		lab_message(lab_find(r, MSG_APP, 2)));
}

/* The log line tells that raft_become_leader() was called, also while Replication
 * Step1, which numbers the entry that is made there, is empty. */
TEST(e6_leader_first_then_its_messages)
{
	struct raft *r = e6_candidate(3);

	lab_watch(r, "became leader at term", MSG_APP);
	e6_vote(r, 2, false);
	LAB_EXPECT(lab_watched(r) >= 0, "the winner becomes the leader by raft_become_leader()",
		"that is not called");
	LAB_EXPECT(lab_watched(r) == 0, "node 1 becomes the leader, and then sends MsgApp",
		"there is a MsgApp to be sent before it is the leader");
}

/* What it sends has the leader's first entry in it, so it is sent after that
 * entry was made. Replication Step1 numbers it: only if that is done well there
 * is something to see here. */
TEST(e6_first_append_brings_the_leaders_entry)
{
	struct raft *r = e6_candidate(3);
	const struct raft_message *m;

	if (!lab_entries_are_numbered())
		return;
	e6_vote(r, 2, false);
	LAB_EXPECT(strcmp(lab_whole_log(r), "[1/4]") == 0,
		"the new leader opens term 4 with an empty entry: its log is (index/term) [1/4]",
		lab_say("it is %s", lab_whole_log(r)));
	m = lab_find(r, MSG_APP, 2);
	LAB_EXPECT(m && m->entries.len == 1 && m->entries.v[0].term == 4,
		"the first MsgApp of the leader brings the empty entry of its term: it is sent "
		"after "
		"node 1 became the leader",
		lab_message(m));
}

TEST(e6_majority_of_five_is_three)
{
	struct raft *r = e6_candidate(5);

	e6_vote(r, 2, false);
	e6_vote(r, 4, true);
	LAB_EXPECT(r->state == RAFT_STATE_CANDIDATE,
		"with two of five votes node 1 is still a candidate", lab_state_of(r));
	e6_vote(r, 5, false);
	LAB_EXPECT(r->state == RAFT_STATE_LEADER, "with three of five votes node 1 is the leader",
		lab_state_of(r));
	LAB_EXPECT(lab_count(r, MSG_APP, 0) == 4, "one MsgApp to each of the four others",
		lab_outbox(r));
}

TEST(e6_late_vote_changes_nothing)
{
	struct raft *r = e6_candidate(3);

	e6_vote(r, 2, false);
	lab_forget_messages(r);
	e6_vote(r, 3, false);
	LAB_EXPECT(r->state == RAFT_STATE_LEADER && lab_count(r, MSG_APP, 0) == 0,
		"a vote that comes after the election was won changes nothing",
		lab_say("%s; %s", lab_state_of(r), lab_outbox(r)));
}

/* The given branches beside the blank. */
TEST(e6_loser_becomes_a_follower)
{
	struct raft *r = e6_candidate(3);

	e6_vote(r, 2, true);
	e6_vote(r, 3, true);
	LAB_EXPECT(r->state == RAFT_STATE_FOLLOWER,
		"with two of three votes against it, node 1 is a follower", lab_state_of(r));
}
