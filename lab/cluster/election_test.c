/* SPDX-License-Identifier: Apache-2.0 */
/* The six steps of the election together, with elections that are lost, repeated,
 * handed over, and counted message by message. */
#include "lab/cluster/lives.h"
#include "lab/labkit/labkit.h"

#include <string.h>

static struct lab_net *election_net(int n, bool pre_vote, bool check_quorum)
{
	return lab_net_make((struct lab_net_options){
		.n = n, .pre_vote = pre_vote, .check_quorum = check_quorum, .seed = 1});
}

static void election_expect_leader(struct lab_net *net, raft_id lead, raft_term term)
{
	const struct raft *r = lab_net_raft(net, lead);

	LAB_EXPECT(lab_net_leader(net) == lead && r->state == RAFT_STATE_LEADER && r->term == term,
		SAY("node %llu leads in term %llu, and all who can be reached follow it",
			"节点 %llu 是任期 %llu 的 leader，所有能联系到的节点都跟随它", lead, term),
		lab_net_states(net));
}

static void election_expect_sent(struct lab_net *net, enum raft_message_type type, int want)
{
	LAB_EXPECT(net->sent[type] == want,
		SAY("%d %s are sent, all before a tick passes",
			"共发送 %d 条 %s，其间没有 tick 流逝", want, raft_message_type_name(type)),
		SAY("%d", "%d 条", net->sent[type]));
}

static void election_ask(void)
{
	lab_think(SAY(
		"Follow one election on paper: who sends what to whom, in which term, and what becomes of it?",
		"在纸上走一遍一次选举：谁在哪个任期给谁发什么，结果如何？"));
}

/* How most tests begin. */
static raft_id election_begins(struct lab_net *net)
{
	raft_id lead;

	lab_about(SAY("%d nodes start and elect their first leader.",
		"%d 个节点启动，选出第一个 leader。", net->n));
	lab_think(SAY(
		"Follow one election on paper: who sends what to whom, in which term, and what becomes of it?",
		"在纸上走一遍一次选举：谁在哪个任期给谁发什么，结果如何？"));
	lead = lab_net_elect(net);
	lab_expect_no_departure(net);
	return lead;
}

LAB_TEST(election_every_cluster_elects_a_leader)
{
	election_ask();
	for (int i = 0; i < 20; i++) {
		int n = 1 + i % 5;
		bool pre_vote = i / 5 & 1, check_quorum = i / 10;

		lab_about(SAY("%d nodes start; pre-vote is %s, check-quorum is %s.",
			"%d 个节点启动；pre-vote %s，check-quorum %s。", n,
			pre_vote ? lab_pick("on", "启用") : lab_pick("off", "未启用"),
			check_quorum ? lab_pick("on", "启用") : lab_pick("off", "未启用")));
		lab_net_elect(election_net(n, pre_vote, check_quorum));
	}
}

/* One node's timeout ends first; from there every message is accounted for. */
LAB_TEST(election_begins_and_ends_with_the_first_timeout)
{
	struct lab_net *net = lab_net_new(3, false);

	lab_about(SAY("Three nodes start; node 2 has the shortest timeout, 10 ticks.",
		"三个节点启动；节点 2 的超时最短，10 个 tick。"));
	election_ask();
	for (raft_id id = 1; id <= 3; id++)
		lab_net_raft(net, id)->randomized_election_timeout = id == 2 ? 10 : 19;
	for (int i = 1; i <= 10; i++) {
		LAB_EXPECT(net->sent[MSG_VOTE] == 0,
			SAY("no election before 10 ticks have passed",
				"过去 10 个 tick 之前没有选举"),
			SAY("node 2 campaigns after %d", "%d 个 tick 之后节点 2 就竞选了", i - 1));
		lab_net_tick(net);
	}
	election_expect_leader(net, 2, 1);
}

LAB_TEST(election_takes_so_many_messages)
{
	for (int n = 1; n <= 5; n++)
		for (int pre_vote = 0; pre_vote <= 1; pre_vote++) {
			struct lab_net *net = lab_net_new(n, pre_vote);
			int others = n - 1, last = n;

			lab_about(SAY("Node %d of %d nodes campaigns, with pre-vote %s.",
				"节点 %d（共 %d 个节点）竞选，pre-vote %s。", last, n,
				pre_vote ? lab_pick("on", "启用") : lab_pick("off", "未启用")));
			lab_think(SAY(
				"Which messages does an election need, up to the moment when everybody has committed the new "
				"leader's first entry?",
				"一次选举，直到大家都提交了新 leader 的第一条日志项，需要哪些消息？"));
			lab_net_campaign(net, (raft_id)last);
			election_expect_leader(net, (raft_id)last, 1);
			election_expect_sent(net, MSG_PRE_VOTE, pre_vote ? others : 0);
			election_expect_sent(net, MSG_PRE_VOTE_RESP, pre_vote ? others : 0);
			election_expect_sent(net, MSG_VOTE, others);
			election_expect_sent(net, MSG_VOTE_RESP, others);
			election_expect_sent(
				net, MSG_APP, 2 * others); /* the entry, and its commit */
			election_expect_sent(net, MSG_APP_RESP, 2 * others);
			election_expect_sent(net, MSG_HEARTBEAT, 0);
			lab_expect_no_departure(net);
		}
}

LAB_TEST(election_winner_is_left_alone)
{
	struct lab_net *net = election_net(5, true, true);
	raft_id lead = election_begins(net);
	raft_term term = lab_net_raft(net, lead)->term;

	lab_about(SAY("Five nodes have a leader; 50 ticks pass.",
		"五个节点有了 leader；50 个 tick 过去。"));
	lab_think(SAY("What keeps a follower from campaigning?", "是什么让 follower 不去竞选？"));
	for (int i = 0; i < 50; i++)
		lab_net_tick(net);
	election_expect_leader(net, lead, term);
	lab_expect_no_departure(net);
}

LAB_TEST(election_split_vote_is_tried_again)
{
	struct lab_net *net = lab_net_new(2, false);

	lab_about(SAY("Two nodes time out with the same tick, and each votes for itself.",
		"两个节点在同一个 tick 超时，各自投票给自己。"));
	lab_think(SAY("What does a candidate do that gets no majority?",
		"得不到多数票的 candidate 怎么办？"));
	for (raft_id id = 1; id <= 2; id++)
		lab_net_raft(net, id)->randomized_election_timeout = 10;
	for (int i = 0; i < 10; i++)
		lab_net_tick(net);
	for (raft_id id = 1; id <= 2; id++) {
		struct raft *r = lab_net_raft(net, id);

		LAB_EXPECT(r->lead == RAFT_NONE && r->term == 1 && r->vote == id,
			SAY("node %llu has voted for itself in term 1, as has the other: nobody leads that term",
				"节点 %llu 在任期 1 投票给自己，另一个也一样：这个任期没有 leader",
				id),
			lab_state_of(r));
	}
	LAB_EXPECT(lab_net_raft(net, lab_net_elect(net))->term > 1,
		SAY("a later term has a leader", "更晚的任期有了 leader"), lab_net_states(net));
	lab_expect_no_departure(net);
}

LAB_TEST(election_lost_leader_is_replaced)
{
	for (int i = 0; i < 4; i++) {
		struct lab_net *net = election_net(i & 1 ? 5 : 3, i & 2, i & 2);
		raft_id old = election_begins(net), lead;
		raft_term term = lab_net_raft(net, old)->term;

		lab_about(SAY("The leader of term %2$llu, node %1$llu, is cut off.",
			"任期 %2$llu 的 leader 节点 %1$llu 与大家断开。", old, term));
		lab_think(SAY(
			"How does a follower notice, and when?", "follower 怎样、什么时候发觉？"));
		net->cut[old] = true;
		lead = lab_net_elect(net);
		LAB_EXPECT(lead != old && lab_net_raft(net, lead)->term > term,
			SAY("another node leads in a later term",
				"另一个节点在更晚的任期成为 leader"),
			lab_net_states(net));
		lab_expect_no_departure(net);
	}
}

LAB_TEST(election_minority_elects_nobody)
{
	struct lab_net *net = lab_net_new(5, false);

	lab_about(SAY("Of five nodes three are cut off; 60 ticks pass.",
		"五个节点中有三个断开；60 个 tick 过去。"));
	lab_think(SAY("How many votes make a leader of five nodes?",
		"五个节点需要几票才能选出 leader？"));
	net->cut[1] = net->cut[2] = net->cut[3] = true;
	for (int i = 0; i < 60; i++)
		lab_net_tick(net);
	for (raft_id id = 4; id <= 5; id++)
		LAB_EXPECT(lab_net_raft(net, id)->state != RAFT_STATE_LEADER,
			SAY("two of five nodes are no majority: they elect nobody",
				"五个节点中的两个不是多数派：它们选不出 leader"),
			lab_net_states(net));
	lab_expect_no_departure(net);
}

/* Who comes back with an old term and an old leader in mind follows again. */
LAB_TEST(election_old_leader_steps_down)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id old = election_begins(net), lead;

	lab_about(SAY(
		"The leader, node %llu, is cut off; the others elect another. Then it comes back.",
		"leader 节点 %llu 断开；其他节点选出另一个。然后它又回来了。", old));
	lab_think(SAY("What does a leader do when it sees a higher term?",
		"leader 看到更高的任期时会怎样？"));
	net->cut[old] = true;
	lead = lab_net_elect(net);
	net->cut[old] = false;
	lab_net_tick(net);
	election_expect_leader(net, lead, lab_net_raft(net, lead)->term);
	lab_expect_no_departure(net);
}

LAB_TEST(election_can_be_handed_over)
{
	for (int on = 0; on <= 1; on++) {
		struct lab_net *net = election_net(3, on, on);
		raft_id old = election_begins(net), next = old % 3 + 1;
		raft_term term = lab_net_raft(net, old)->term;

		lab_about(SAY(
			"Leader %llu hands over to node %llu; pre-vote and check-quorum are %s.",
			"leader 节点 %llu 把领导权移交给节点 %llu；pre-vote 和 check-quorum %s。",
			old, next, on ? lab_pick("on", "启用") : lab_pick("off", "未启用")));
		lab_think(SAY(
			"Followers that hear from a leader ignore whoever campaigns against it. Why not here?",
			"能收到 leader 消息的 follower 不理会与它竞争的节点。为什么这里例外？"));
		memset(net->sent, 0, sizeof(net->sent));
		lab_net_transfer(net, old, next);
		election_expect_leader(net, next, term + 1);
		election_expect_sent(net, MSG_PRE_VOTE, 0);
		election_expect_sent(net, MSG_VOTE, 2);
		election_expect_sent(net, MSG_VOTE_RESP, 2);
		lab_expect_no_departure(net);
	}
}

LAB_TEST(election_lease_protects_the_leader)
{
	struct lab_net *net = election_net(3, false, true);
	raft_id lead = election_begins(net), other = lead % 3 + 1;
	raft_term term = lab_net_raft(net, lead)->term;

	lab_about(SAY("With check-quorum on, node %llu campaigns although leader %llu is there.",
		"启用 check-quorum；尽管 leader 节点 %2$llu 还在，节点 %1$llu 仍去竞选。", other,
		lead));
	lab_think(SAY("Whose MsgVote is answered in spite of a leader that is there?",
		"leader 还在时，谁的 MsgVote 仍会得到回答？"));
	memset(net->sent, 0, sizeof(net->sent));
	lab_net_campaign(net, other);
	LAB_EXPECT(lab_net_raft(net, lead)->state == RAFT_STATE_LEADER &&
			   lab_net_raft(net, lead)->term == term,
		SAY("nobody votes for it: node %llu still leads in term %llu",
			"没有谁投票给它：节点 %llu 仍是任期 %llu 的 leader", lead, term),
		lab_net_states(net));
	election_expect_sent(net, MSG_VOTE, 2);
	election_expect_sent(net, MSG_VOTE_RESP, 0);
	lab_expect_no_departure(net);
}

LAB_TEST(election_lonely_leader_steps_down)
{
	struct lab_net *net = election_net(3, true, true);
	raft_id lead = election_begins(net);

	lab_about(SAY("With check-quorum on, leader %llu can reach nobody for 20 ticks.",
		"启用 check-quorum；leader 节点 %llu 有 20 个 tick 联系不到任何节点。", lead));
	lab_think(SAY("What counts as being heard of?", "怎样才算收到了对方的消息？"));
	for (raft_id id = 1; id <= 3; id++)
		net->link_down[lead][id] = net->link_down[id][lead] = true;
	for (int i = 0; i < 20; i++)
		lab_net_tick(net);
	LAB_EXPECT(lab_net_raft(net, lead)->state != RAFT_STATE_LEADER,
		SAY("it does not lead any more", "它不再是 leader"), lab_net_states(net));
	lab_expect_no_departure(net);
}

/* --- random lives ----------------------------------------------------------------------- */

RANDOM_LIVES(election, 1, 6, true, false)
RANDOM_LIVES(election, 7, 12, true, false)
RANDOM_LIVES(election, 13, 18, true, false)
RANDOM_LIVES(election, 19, 24, true, false)
RANDOM_LIVES(election, 101, 106, false, false)
RANDOM_LIVES(election, 107, 112, false, false)
RANDOM_LIVES(election, 113, 118, false, false)
RANDOM_LIVES(election, 119, 124, false, false)
RANDOM_LIVES(election, 125, 130, false, false)
RANDOM_LIVES(election, 131, 136, false, false)
RANDOM_LIVES(election, 137, 142, false, false)
RANDOM_LIVES(election, 143, 148, false, false)
