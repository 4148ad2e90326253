/* SPDX-License-Identifier: Apache-2.0 */
/* Election Step4: the branch of raft_campaign() for the real election. */
#include "lab/labkit/labkit.h"

#include <string.h>

static struct raft *e4_campaign(enum campaign_type t)
{
	static const raft_term log[] = {2, 3};
	struct raft *r = lab_node(1, 3, 3, log, 2);

	raft_campaign(r, t);
	return r;
}

/* The log line tells that raft_become_candidate() was called, also while Step3
 * is empty. */
TEST(e4_node_becomes_a_candidate)
{
	struct raft *r = e4_campaign(CAMPAIGN_ELECTION);

	LAB_EXPECT(lab_log_has(r, "became candidate at term"),
		"node 1, which campaigns in a real election, becomes a candidate", lab_state_of(r));
}

TEST(e4_real_election_asks_for_real_votes)
{
	struct raft *r = e4_campaign(CAMPAIGN_ELECTION);

	LAB_EXPECT(lab_count(r, MSG_VOTE, 2) == 1 && lab_count(r, MSG_VOTE, 3) == 1,
		"node 1 asks node 2 and node 3 for their votes: one MsgVote each", lab_outbox(r));
	LAB_EXPECT(lab_count(r, MSG_PRE_VOTE, 0) == 0, "no MsgPreVote in a real election",
		lab_outbox(r));
}

TEST(e4_votes_are_for_the_candidates_own_term)
{
	struct raft *r = e4_campaign(CAMPAIGN_ELECTION);

	for (raft_id to = 2; to <= 3; to++) {
		const struct raft_message *m = lab_find(r, MSG_VOTE, to);

		LAB_EXPECT(m && m->term == r->term,
			lab_say("MsgVote to node %llu for term %llu, the term that node 1 is in as "
				"a candidate",
				to, r->term),
			lab_message(m));
	}
}

/* A leader that hands over says so; the vote must be a real one then, too. */
TEST(e4_transfer_is_a_real_election)
{
	struct raft *r = e4_campaign(CAMPAIGN_TRANSFER);
	const struct raft_message *m = lab_find(r, MSG_VOTE, 2);

	LAB_EXPECT(m != NULL,
		"a campaign that the old leader asked for (CAMPAIGN_TRANSFER) sends MsgVote as "
		"well",
		lab_outbox(r));
	LAB_EXPECT(raft_context_equal(&m->context, CAMPAIGN_TRANSFER_CONTEXT,
			   strlen(CAMPAIGN_TRANSFER_CONTEXT)),
		"the MsgVote of a transfer says so in its context", "it does not");
}

/* The given branch beside the blank. */
TEST(e4_pre_vote_stays_as_it_was)
{
	struct raft *r = e4_campaign(CAMPAIGN_PRE_ELECTION);
	const struct raft_message *m = lab_find(r, MSG_PRE_VOTE, 2);

	LAB_EXPECT(r->state == RAFT_STATE_PRE_CANDIDATE && r->term == 3 && m && m->term == 4,
		"a pre-vote asks for term 4 with MsgPreVote and leaves node 1 in term 3",
		lab_say("%s; %s", lab_state_of(r), lab_outbox(r)));
}
