/* SPDX-License-Identifier: Apache-2.0 */
/* All ten steps together: elected leaders replicate. */
#include "lab/labkit/labkit.h"

#include <string.h>

static void replication_expect(struct lab_net *net, raft_id id, const char *want)
{
	LAB_EXPECT(strcmp(net->applied[id], want) == 0,
		lab_say("node %llu has applied \"%s\"", id, want),
		lab_say("it has applied \"%s\"; its log is %s, committed up to %llu",
			net->applied[id], lab_whole_log(lab_net_raft(net, id)),
			lab_net_raft(net, id)->raft_log.committed));
}

static void replication_expect_all(struct lab_net *net, const char *want)
{
	for (raft_id id = 1; id <= (raft_id)net->n; id++)
		replication_expect(net, id, want);
}

TEST(replication_reaches_every_node)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id lead = lab_net_elect(net);

	for (char c = 'a'; c <= 'e'; c++)
		lab_net_propose(net, lead, c);
	replication_expect_all(net, "abcde");
}

/* MsgApp and answer for the entry, MsgApp and answer for the commit index, with
 * each of two followers: without a single tick. */
TEST(replication_takes_eight_messages)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id lead = lab_net_elect(net);

	memset(net->sent, 0, sizeof(net->sent));
	lab_net_propose(net, lead, 'x');
	replication_expect_all(net, "x");
	LAB_EXPECT(net->sent[MSG_APP] == 4 && net->sent[MSG_APP_RESP] == 4,
		"one entry takes 4 MsgApp and 4 MsgAppResp: two rounds with two followers",
		lab_say("%d MsgApp, %d MsgAppResp", net->sent[MSG_APP], net->sent[MSG_APP_RESP]));
}

TEST(replication_forwards_to_the_leader)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id lead = lab_net_elect(net);

	lab_net_propose(net, lead % 3 + 1, 'f');
	replication_expect_all(net, "f");
}

TEST(replication_goes_on_without_a_minority)
{
	struct lab_net *net = lab_net_new(5, false);
	raft_id lead = lab_net_elect(net), a = lead % 5 + 1, b = a % 5 + 1;

	net->cut[a] = net->cut[b] = true;
	lab_net_propose(net, lead, 'm');
	replication_expect(net, lead, "m");
	replication_expect(net, a, "");
	net->cut[a] = net->cut[b] = false;
	for (int i = 0; i < 30; i++)
		lab_net_tick(net);
	replication_expect_all(net, "m");
}

TEST(replication_minority_commits_nothing)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id lead = lab_net_elect(net);

	for (raft_id id = 1; id <= 3; id++)
		net->cut[id] = id != lead;
	lab_net_propose(net, lead, 'n');
	for (int i = 0; i < 5; i++)
		lab_net_tick(net);
	replication_expect_all(net, "");
}

TEST(replication_survives_the_leader)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id old = lab_net_elect(net), lead;

	lab_net_propose(net, old, 'p');
	net->cut[old] = true;
	lab_net_propose(net, old, 'l'); /* which only the lost leader has */
	lead = lab_net_elect(net);
	lab_net_propose(net, lead, 'q');
	net->cut[old] = false;
	for (int i = 0; i < 30; i++)
		lab_net_tick(net);
	replication_expect_all(net, "pq");
}

/* Followers that hear of their leader do not campaign. */
TEST(replication_leader_is_left_alone)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id lead = lab_net_elect(net);

	memset(net->sent, 0, sizeof(net->sent));
	for (int i = 0; i < 100; i++)
		lab_net_tick(net);
	LAB_EXPECT(net->sent[MSG_VOTE] == 0 && lab_net_raft(net, lead)->state == RAFT_STATE_LEADER,
		lab_say("in 100 ticks with all nodes reachable nobody campaigns against leader "
			"%llu",
			lead),
		lab_say("%d MsgVote; %s", net->sent[MSG_VOTE],
			lab_state_of(lab_net_raft(net, lead))));
}
