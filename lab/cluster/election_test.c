/* SPDX-License-Identifier: Apache-2.0 */
/* The six steps of the election together. They do not need those of replication. */
#include "lab/labkit/labkit.h"

TEST(election_three_nodes_elect_a_leader)
{
	lab_net_elect(lab_net_new(3, false));
}

TEST(election_five_nodes_elect_a_leader)
{
	lab_net_elect(lab_net_new(5, false));
}

TEST(election_with_pre_vote)
{
	lab_net_elect(lab_net_new(5, true));
}

/* One node's timeout ends first; from there every message is accounted for. */
TEST(election_takes_six_messages)
{
	struct lab_net *net = lab_net_new(3, false);

	for (int id = 1; id <= 3; id++)
		lab_net_raft(net, (raft_id)id)->randomized_election_timeout = id == 2 ? 10 : 19;
	for (int i = 1; i <= 10; i++) {
		LAB_EXPECT(net->sent[MSG_VOTE] == 0, "no election before 10 ticks have passed",
			lab_say("node 2 campaigns after %d", i - 1));
		lab_net_tick(net);
	}
	LAB_EXPECT(
		lab_net_raft(net, 2)->state == RAFT_STATE_LEADER && lab_net_raft(net, 2)->term == 1,
		"node 2, whose timeout of 10 ticks is the shortest, leads in term 1",
		lab_state_of(lab_net_raft(net, 2)));
	LAB_EXPECT(net->sent[MSG_VOTE] == 2 && net->sent[MSG_VOTE_RESP] == 2 &&
			   net->sent[MSG_APP] >= 2,
		"2 MsgVote, 2 MsgVoteResp, and a MsgApp to both others, all before the next tick",
		lab_say("%d MsgVote, %d MsgVoteResp, %d MsgApp", net->sent[MSG_VOTE],
			net->sent[MSG_VOTE_RESP], net->sent[MSG_APP]));
}

TEST(election_lost_leader_is_replaced)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id old = lab_net_elect(net), lead;
	raft_term term = lab_net_raft(net, old)->term;

	net->cut[old] = true;
	lead = lab_net_elect(net);
	LAB_EXPECT(lead != old && lab_net_raft(net, lead)->term > term,
		lab_say("node %llu, leader of term %llu, is cut off: another leads in a later term",
			old, term),
		lab_state_of(lab_net_raft(net, lead)));
}

TEST(election_minority_elects_nobody)
{
	struct lab_net *net = lab_net_new(5, false);

	net->cut[1] = net->cut[2] = net->cut[3] = true;
	for (int i = 0; i < 60; i++)
		lab_net_tick(net);
	for (raft_id id = 4; id <= 5; id++)
		LAB_EXPECT(lab_net_raft(net, id)->state != RAFT_STATE_LEADER,
			"two of five nodes are no majority: they elect nobody",
			lab_state_of(lab_net_raft(net, id)));
}

/* Who comes back with an old term and an old leader in mind follows again. */
TEST(election_old_leader_steps_down)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id old = lab_net_elect(net);

	net->cut[old] = true;
	lab_net_elect(net);
	net->cut[old] = false;
	lab_net_elect(net);
}
