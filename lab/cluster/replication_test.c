/* SPDX-License-Identifier: Apache-2.0 */
/* All ten steps together: elected leaders replicate. */
#include "lab/cluster/lives.h"
#include "lab/labkit/labkit.h"

#include <string.h>

static struct lab_net *replication_net(int n, bool pre_vote, bool check_quorum)
{
	return lab_net_make((struct lab_net_options){
		.n = n, .pre_vote = pre_vote, .check_quorum = check_quorum, .seed = 1});
}

static void replication_ask(void)
{
	lab_think(SAY(
		"Follow one proposal on paper: who sends what to whom until everybody has applied it?",
		"在纸上走一遍一个提议：直到大家都应用它，谁给谁发了什么？"));
}

static void replication_expect(struct lab_net *net, raft_id id, const char *want)
{
	const struct raft *r = lab_net_raft(net, id);

	LAB_EXPECT(strcmp(net->applied[id], want) == 0,
		SAY("node %llu has applied \"%s\"", "节点 %llu 已应用 \"%s\"", id, want),
		SAY("it has applied \"%s\"; its log is %s, committed up to %llu",
			"它已应用 \"%s\"；日志是 %s，提交到 %llu", net->applied[id],
			lab_whole_log(r), r->raft_log.committed));
}

static void replication_expect_all(struct lab_net *net, const char *want)
{
	for (raft_id id = 1; id <= (raft_id)net->n; id++)
		replication_expect(net, id, want);
}

static void replication_expect_sent(struct lab_net *net, enum raft_message_type type, int want)
{
	LAB_EXPECT(net->sent[type] == want,
		SAY("%d %s are sent, all before a tick passes",
			"共发送 %d 条 %s，其间没有 tick 流逝", want, raft_message_type_name(type)),
		SAY("%d", "%d 条", net->sent[type]));
}

/* How most tests begin. */
static raft_id replication_begins(struct lab_net *net)
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

LAB_TEST(replication_reaches_every_node_without_a_tick)
{
	for (int n = 1; n <= 5; n++) {
		struct lab_net *net = replication_net(n, n & 1, n & 2);
		raft_id lead = replication_begins(net);

		lab_about(SAY(
			"%d nodes have a leader, node %llu; five entries are proposed to it, one after another. No tick passes.",
			"%d 个节点有了 leader，节点 %llu；先后向它提议五条日志项。没有 tick 流逝。",
			n, lead));
		replication_ask();
		for (char c = 'a'; c <= 'e'; c++)
			lab_net_propose(net, lead, c);
		replication_expect_all(net, "abcde");
		lab_expect_no_departure(net);
	}
}

/* MsgApp and answer for the entry, MsgApp and answer for the commit index, with each
 * follower: without a single tick. */
LAB_TEST(replication_takes_so_many_messages)
{
	for (int n = 1; n <= 5; n++) {
		struct lab_net *net = lab_net_new(n, false);
		raft_id lead = replication_begins(net);

		lab_about(SAY("An entry is proposed to node %2$llu, leader of %1$d nodes.",
			"向 %d 个节点的 leader 节点 %llu 提议一条日志项。", n, lead));
		lab_think(SAY(
			"Which two things have to be told to each follower, and what does it say to each?",
			"要告诉每个 follower 的是哪两件事？它对每件事怎样回答？"));
		memset(net->sent, 0, sizeof(net->sent));
		lab_net_propose(net, lead, 'x');
		replication_expect_all(net, "x");
		replication_expect_sent(net, MSG_APP, 2 * (n - 1));
		replication_expect_sent(net, MSG_APP_RESP, 2 * (n - 1));
		replication_expect_sent(net, MSG_HEARTBEAT, 0);
		lab_expect_no_departure(net);
	}
}

/* The leader does not wait for one proposal to be committed before it sends the next. */
LAB_TEST(replication_is_a_pipeline)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id lead = replication_begins(net);

	lab_about(SAY("Three entries are proposed to leader %llu before any message is delivered.",
		"在任何消息送达之前，先后向 leader 节点 %llu 提议三条日志项。", lead));
	replication_ask();
	memset(net->sent, 0, sizeof(net->sent));
	for (char c = 'a'; c <= 'c'; c++)
		lab_net_offer(net, lead, c);
	lab_net_round(net);
	replication_expect_sent(net, MSG_APP, 6);
	lab_net_run(net);
	replication_expect_all(net, "abc");
	lab_expect_no_departure(net);
}

LAB_TEST(replication_forwards_to_the_leader)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id lead = replication_begins(net), other = lead % 3 + 1;

	lab_about(SAY("An entry is proposed to follower %llu; the leader is node %llu.",
		"向 follower 节点 %llu 提议一条日志项；leader 是节点 %llu。", other, lead));
	lab_think(SAY("How does a follower know whom to forward a proposal to?",
		"follower 怎样知道该把提议转发给谁？"));
	lab_net_propose(net, other, 'f');
	replication_expect_all(net, "f");
	lab_expect_no_departure(net);
}

LAB_TEST(replication_goes_on_without_a_minority)
{
	struct lab_net *net = lab_net_new(5, false);
	raft_id lead = replication_begins(net), a = lead % 5 + 1, b = a % 5 + 1;

	lab_about(SAY(
		"Of five nodes two are cut off, %llu and %llu; an entry is proposed to leader %llu. Then the two come back.",
		"五个节点中，节点 %llu 和 %llu 断开；向 leader 节点 %llu 提议一条日志项。然后两者回来。",
		a, b, lead));
	replication_ask();
	net->cut[a] = net->cut[b] = true;
	lab_net_propose(net, lead, 'm');
	replication_expect(net, lead, "m");
	replication_expect(net, a, "");
	net->cut[a] = net->cut[b] = false;
	for (int i = 0; i < 30; i++)
		lab_net_tick(net);
	replication_expect_all(net, "m");
	lab_expect_no_departure(net);
}

LAB_TEST(replication_minority_commits_nothing)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id lead = replication_begins(net);

	lab_about(SAY("Leader %llu of three nodes is left alone; an entry is proposed to it.",
		"三个节点的 leader 节点 %llu 孤身一个；向它提议一条日志项。", lead));
	lab_think(SAY("When may an entry be committed?", "日志项什么时候可以提交？"));
	for (raft_id id = 1; id <= 3; id++)
		net->cut[id] = id != lead;
	lab_net_propose(net, lead, 'n');
	for (int i = 0; i < 5; i++)
		lab_net_tick(net);
	replication_expect_all(net, "");
	lab_expect_no_departure(net);
}

LAB_TEST(replication_survives_the_leader)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id old = replication_begins(net), lead;

	lab_about(SAY(
		"Leader %llu commits \"p\", is cut off, and takes \"l\", which only it has. The others elect another and commit \"q\". Then "
		"it comes back.",
		"leader 节点 %llu 提交了 \"p\"，随后断开，又收下只有它自己才有的 \"l\"。其他节点选出另一个 leader 并提交 \"q\"。然后它回来了。",
		old));
	lab_think(SAY("What becomes of an entry that its leader could not commit?",
		"leader 没能提交的日志项会怎样？"));
	lab_net_propose(net, old, 'p');
	net->cut[old] = true;
	lab_net_propose(net, old, 'l');
	lead = lab_net_elect(net);
	lab_net_propose(net, lead, 'q');
	net->cut[old] = false;
	for (int i = 0; i < 30; i++)
		lab_net_tick(net);
	replication_expect_all(net, "pq");
	lab_expect_no_departure(net);
}

LAB_TEST(replication_node_that_is_behind_is_not_elected)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id lead = replication_begins(net), behind = lead % 3 + 1;

	lab_about(SAY(
		"Node %llu is cut off while \"a\" is committed; when it is back it campaigns against leader %llu.",
		"节点 %llu 断开期间，\"a\" 被提交；它回来之后与 leader 节点 %llu 竞争。", behind,
		lead));
	lab_think(SAY("What do voters compare before they say yes?", "投票者在赞成之前比较什么？"));
	net->cut[behind] = true;
	lab_net_propose(net, lead, 'a');
	net->cut[behind] = false;
	lab_net_campaign(net, behind);
	LAB_EXPECT(lab_net_raft(net, behind)->state != RAFT_STATE_LEADER,
		SAY("a node without the committed entry \"a\" gets no majority",
			"没有已提交的日志项 \"a\" 的节点得不到多数票"),
		lab_net_states(net));
	lab_net_elect(net);
	replication_expect_all(net, "a");
	lab_expect_no_departure(net);
}

/* Followers that hear of their leader do not campaign. */
LAB_TEST(replication_leader_is_left_alone)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id lead = replication_begins(net);

	lab_about(SAY(
		"Three nodes have a leader, node %llu. In 100 ticks an entry is proposed every tenth tick.",
		"三个节点有了 leader，节点 %llu。100 个 tick 里，每十个 tick 提议一条日志项。",
		lead));
	lab_think(SAY("What keeps a follower from campaigning?", "是什么让 follower 不去竞选？"));
	memset(net->sent, 0, sizeof(net->sent));
	for (int i = 0; i < 100; i++) {
		lab_net_tick(net);
		if (i % 10 == 0)
			lab_net_propose(net, lead, 'x');
	}
	LAB_EXPECT(net->sent[MSG_VOTE] == 0 && lab_net_raft(net, lead)->state == RAFT_STATE_LEADER,
		SAY("nobody campaigns against leader %llu", "没有谁与 leader 节点 %llu 竞争", lead),
		SAY("%d MsgVote; %s", "%d 条 MsgVote；%s", net->sent[MSG_VOTE],
			lab_net_states(net)));
	replication_expect_all(net, "xxxxxxxxxx");
	lab_expect_no_departure(net);
}

LAB_TEST(replication_survives_restarts)
{
	struct lab_net *net = lab_net_new(3, false);

	lab_about(SAY("Three nodes commit an entry, all of them crash and come back; three times.",
		"三个节点提交一条日志项，全部崩溃后重启；如此三次。"));
	lab_think(SAY("What does a node know that comes back?", "重启的节点知道什么？"));
	for (int i = 0; i < 3; i++) {
		lab_net_propose(net, lab_net_elect(net), (char)('a' + i));
		for (raft_id id = 1; id <= 3; id++)
			lab_net_restart(net, id);
	}
	lab_net_elect(net);
	replication_expect_all(net, "abc");
	lab_expect_no_departure(net);
}

/* --- random lives ----------------------------------------------------------------------- */

RANDOM_LIVES(replication, 1001, 1006, true, true)
RANDOM_LIVES(replication, 1007, 1012, true, true)
RANDOM_LIVES(replication, 1013, 1018, true, true)
RANDOM_LIVES(replication, 1019, 1024, true, true)
RANDOM_LIVES(replication, 1101, 1106, false, true)
RANDOM_LIVES(replication, 1107, 1112, false, true)
RANDOM_LIVES(replication, 1113, 1118, false, true)
RANDOM_LIVES(replication, 1119, 1124, false, true)
RANDOM_LIVES(replication, 1125, 1130, false, true)
RANDOM_LIVES(replication, 1131, 1136, false, true)
RANDOM_LIVES(replication, 1137, 1142, false, true)
RANDOM_LIVES(replication, 1143, 1148, false, true)
