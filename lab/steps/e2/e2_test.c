/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Election Step2: when the election is due, the clock starts anew and the node
 * steps a local MsgHup. With pre-vote switched on a MsgHup leads into code that
 * is given, so that these tests need no other step.
 */
#include "lab/labkit/labkit.h"

static struct raft *e2_node(void)
{
	struct raft *r = lab_node(1, 3, 3, NULL, 0);

	r->pre_vote = true;
	return r;
}

/* Whether an election that is due is still due after a tick of node 9 of 3, which
 * never gets to this step. */
static void e2_need_a_clock(void)
{
	struct raft *r = lab_node(9, 3, 3, NULL, 0);

	r->election_elapsed = r->randomized_election_timeout;
	r->tick(r);
	LAB_NEEDS("e1", raft_past_election_timeout(r),
		"one tick more, and an election that was due still is",
		lab_say("election_elapsed of node 9 went from %d to %d, its timeout from %d to %d",
			LAB_ELECTION_TICK, r->election_elapsed, LAB_ELECTION_TICK,
			r->randomized_election_timeout));
}

/* One tick with which the election is due, whether Step1 is done or not. */
static void e2_tick_when_due(struct raft *r)
{
	e2_need_a_clock();
	r->election_elapsed = r->randomized_election_timeout;
	r->tick(r);
}

TEST(e2_due_election_is_started)
{
	struct raft *r = e2_node();

	e2_tick_when_due(r);
	LAB_EXPECT(!lab_find(r, MSG_HUP, 0) && lab_count(r, MSG_HUP, 1) == 0,
		"MsgHup is a message of node 1 to itself, taken in at once by raft_step()",
		"it was put among the messages to be sent");
	LAB_EXPECT(r->state == RAFT_STATE_PRE_CANDIDATE && r->term == 3,
		"when the election timeout is over, node 1 steps a MsgHup and so starts an "
		"election "
		"(here with pre-vote: it becomes a pre-candidate in term 3)",
		lab_state_of(r));
	LAB_EXPECT(lab_count(r, MSG_PRE_VOTE, 2) == 1 && lab_count(r, MSG_PRE_VOTE, 3) == 1,
		"one MsgHup, and so one MsgPreVote to node 2 and one to node 3", lab_outbox(r));
}

TEST(e2_clock_starts_anew)
{
	struct raft *r = e2_node();

	e2_tick_when_due(r);
	LAB_EXPECT(r->election_elapsed == 0,
		"the tick that starts the election sets election_elapsed of node 1 back to 0",
		lab_say("it is %d", r->election_elapsed));
}

/* A change of the members that is committed and not applied forbids to campaign:
 * raft_hup() looks after that, so MsgHup must take the way through raft_step(). */
TEST(e2_step_decides_whether_to_campaign)
{
	const raft_term log[] = {3};
	struct raft *r = lab_node(1, 3, 3, log, 1);
	struct raft_memory_storage *ms = (struct raft_memory_storage *)r->raft_log.storage;

	r->pre_vote = true;
	ms->ents.v[1].type = RAFT_ENTRY_CONF_CHANGE;
	raft_log_commit_to(&r->raft_log, 1);
	e2_tick_when_due(r);
	LAB_EXPECT(r->state == RAFT_STATE_FOLLOWER,
		"node 1 has a membership change to apply, so the MsgHup that it steps is ignored "
		"and it stays a follower in term 3",
		lab_state_of(r));
	LAB_EXPECT(r->election_elapsed == 0, "its clock starts anew all the same",
		lab_say("election_elapsed is %d", r->election_elapsed));
}

TEST(e2_candidate_tries_again)
{
	struct raft *r = e2_node();

	e2_tick_when_due(r);
	lab_forget_messages(r);
	e2_tick_when_due(r);
	LAB_EXPECT(lab_count(r, MSG_PRE_VOTE, 2) == 1 && lab_count(r, MSG_PRE_VOTE, 3) == 1,
		"an election that nobody answers is started again at the next timeout: a "
		"MsgPreVote "
		"to node 2 and one to node 3",
		lab_outbox(r));
}
