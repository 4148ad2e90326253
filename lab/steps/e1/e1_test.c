/* SPDX-License-Identifier: Apache-2.0 */
/* Election Step1: a tick of a follower or candidate moves election_elapsed on. */
#include "lab/labkit/labkit.h"

/* Ticks a node some times, well below the election timeout. */
static void e1_tick(struct raft *r)
{
	int timeout = r->election_timeout, randomized = r->randomized_election_timeout;

	for (int i = 1; i <= 5; i++) {
		r->tick(r);
		LAB_EXPECT(r->election_elapsed == i,
			lab_say("after %d tick%s election_elapsed of node %llu, %s, is %d", i,
				i > 1 ? "s" : "", r->id, lab_role(r->state), i),
			lab_say("it is %d", r->election_elapsed));
	}
	LAB_EXPECT(r->election_timeout == timeout && r->randomized_election_timeout == randomized,
		"a tick only moves the clock; the timeouts stay as they are",
		lab_say("election_timeout went from %d to %d, randomized_election_timeout from %d "
			"to %d",
			timeout, r->election_timeout, randomized, r->randomized_election_timeout));
	LAB_EXPECT(r->heartbeat_elapsed == 0, "heartbeat_elapsed, the leader's clock, stays at 0",
		lab_say("it is %d", r->heartbeat_elapsed));
}

TEST(e1_follower_counts_its_ticks)
{
	e1_tick(lab_node(1, 3, 1, NULL, 0));
}

TEST(e1_candidate_counts_its_ticks)
{
	struct raft *r = lab_node(1, 3, 1, NULL, 0);

	lab_be_candidate(r);
	e1_tick(r);
}

/* A node that may not campaign never gets to the second step: node 9 of 3. */
TEST(e1_clock_reaches_the_timeout)
{
	struct raft *r = lab_node(9, 3, 1, NULL, 0);

	for (int i = 0; i < 10; i++) {
		LAB_EXPECT(!raft_past_election_timeout(r), "the election is due after 10 ticks",
			lab_say("it is due after %d", i));
		r->tick(r);
	}
	LAB_EXPECT(raft_past_election_timeout(r), "the election is due after 10 ticks",
		lab_say("it is not; election_elapsed is %d", r->election_elapsed));
}
