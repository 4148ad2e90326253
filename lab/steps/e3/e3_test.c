/* SPDX-License-Identifier: Apache-2.0 */
/* Election Step3: what raft_become_candidate() sets. */
#include "lab/labkit/labkit.h"

/* Node 1 was a follower of node 2 in term 3, voted for it, and has been through
 * a lost election before. */
static struct raft *e3_candidate(void)
{
	struct raft *r = lab_node(1, 3, 3, NULL, 0);

	r->vote = 2;
	r->lead = 2;
	r->election_elapsed = 7;
	r->tick = raft_tick_heartbeat;
	tracker_record_vote(&r->trk, 2, true);
	tracker_record_vote(&r->trk, 3, false);
	raft_become_candidate(r);
	return r;
}

TEST(e3_candidate_is_its_state)
{
	struct raft *r = e3_candidate();

	LAB_EXPECT(r->state == RAFT_STATE_CANDIDATE, "node 1 is a candidate in term 4",
		lab_state_of(r));
}

TEST(e3_candidate_enters_the_next_term)
{
	struct raft *r = e3_candidate();

	LAB_EXPECT(
		r->term == 4, "the candidate raises its term by one, from 3 to 4", lab_state_of(r));
}

TEST(e3_candidate_votes_for_itself)
{
	struct raft *r = e3_candidate();

	LAB_EXPECT(r->vote == 1, "candidate 1 votes for itself in its new term", lab_state_of(r));
}

TEST(e3_candidate_starts_afresh)
{
	struct raft *r = e3_candidate();

	LAB_EXPECT(r->lead == RAFT_NONE, "in the new term there is no leader yet", lab_state_of(r));
	LAB_EXPECT(r->election_elapsed == 0, "the candidate's clock starts anew",
		lab_say("election_elapsed is %d", r->election_elapsed));
	LAB_EXPECT(r->trk.votes.len == 0,
		"nothing is counted yet: votes of an earlier election do not count in this one, "
		"and its "
		"own is counted when it campaigns",
		lab_say("%u vote%s counted already", r->trk.votes.len,
			r->trk.votes.len == 1 ? " is" : "s are"));
}

TEST(e3_candidate_has_its_step_function)
{
	struct raft *r = e3_candidate();

	LAB_EXPECT(r->step == raft_step_candidate,
		"messages to a candidate are taken in by raft_step_candidate()",
		r->step == raft_step_follower ? "r->step is raft_step_follower"
		: r->step == raft_step_leader ? "r->step is raft_step_leader"
					      : "r->step is something else");
}

TEST(e3_candidate_has_its_tick_function)
{
	struct raft *r = e3_candidate();

	LAB_EXPECT(r->tick == raft_tick_election,
		"a candidate's ticks lead to the next election: raft_tick_election()",
		r->tick == raft_tick_heartbeat ? "r->tick is raft_tick_heartbeat, the leader's"
					       : "r->tick is something else");
}

TEST(e3_second_campaign_is_in_another_term)
{
	struct raft *r = e3_candidate();

	raft_become_candidate(r);
	LAB_EXPECT(r->term == 5 && r->vote == 1 && r->state == RAFT_STATE_CANDIDATE,
		"a candidate of term 4 that campaigns again is a candidate of term 5 with its own "
		"vote",
		lab_state_of(r));
}
