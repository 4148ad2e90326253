/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Election Step6: the candidate has won. The MsgApp that asserts it must leave at once:
 * a heartbeat would hide a missing one a tick later, so no tick passes here.
 */
#include "lab/steps/common.h"

#include <string.h>

/* Node 1 of n is a candidate in term 4 that has its own vote; its log is 1/2 2/3. */
static struct raft *e6_candidate(int n)
{
	static const raft_term log[] = {2, 3};
	struct raft *r = lab_node(1, n, 3, log, 2);

	lab_be_candidate(r);
	return r;
}

static void e6_vote(struct raft *r, raft_id from, bool reject)
{
	lab_step(r,
		(struct raft_message){
			.type = MSG_VOTE_RESP, .from = from, .to = 1, .term = 4, .reject = reject});
}

static void e6_expect_candidate(struct raft *r, int votes, int n)
{
	LAB_EXPECT(r->state == RAFT_STATE_CANDIDATE && steps_messages(r) == 0,
		SAY("with %d of %d votes node 1 is a candidate, and sends nothing",
			"有 %d 票（共 %d 票）的节点 1 是 candidate，什么也不发送", votes, n),
		SAY("%s; %s", "%s；%s", lab_state_of(r), lab_outbox(r)));
}

/* Node 1 leads in term 4, and has told all others so by one MsgApp with its first entry. */
static void e6_expect_leader(struct raft *r, const raft_id *others, int n)
{
	LAB_EXPECT(r->state == RAFT_STATE_LEADER && r->term == 4 && r->lead == 1 && r->vote == 1,
		SAY("node 1 leads in term 4, in which it voted for itself",
			"节点 1 是任期 4 的 leader，它在该任期投票给自己"),
		lab_state_of(r));
	LAB_EXPECT(strcmp(lab_whole_log(r), "[1/2 2/3 3/4]") == 0 && r->raft_log.committed == 0,
		SAY("it opens its term with one empty entry, which nobody else has yet: log [1/2 2/3 3/4] (index/term), "
		    "nothing committed",
			"它用一条空日志项开启任期，别人还没有它：日志 [1/2 2/3 3/4]（索引/任期），尚无提交"),
		SAY("log %s, committed up to %llu", "日志 %s，提交到 %llu", lab_whole_log(r),
			r->raft_log.committed));
	for (int i = 0; i < n; i++) {
		const struct raft_message *m = LAB_SENT(r, MSG_APP, others[i]);

		LAB_EXPECT(lab_count(r, MSG_APP, others[i]) == 1 && m->term == 4 && m->index == 2 &&
				   m->log_term == 3 && m->entries.len == 1 &&
				   m->entries.v[0].index == 3 && m->entries.v[0].term == 4,
			SAY("before any tick passes, one MsgApp of term 4 to node %llu, after 2/3, with the new leader's entry 3/4",
				"不等任何 tick 流逝，给节点 %llu 一条任期 4 的 MsgApp，在 2/3 之后，带着新 leader 的日志项 3/4",
				others[i]),
			lab_outbox(r));
	}
	LAB_EXPECT(steps_messages(r) == n,
		SAY("no other message: heartbeats come with the ticks",
			"没有别的消息：心跳要到 tick 时才发送"),
		lab_outbox(r));
}

static const raft_id e6_others[] = {2, 3, 4, 5, 6, 7};

LAB_TEST(e6_winner_leads_and_says_so_at_once)
{
	struct raft *r = e6_candidate(3);

	lab_about(SAY(
		"Candidate 1 of term 4 has its own vote; the vote of node 2, of three nodes, comes in.",
		"任期 4 的 candidate 节点 1 有自己的一票；三个节点中节点 2 的票到达。"));
	lab_think(SAY(
		"What do the others have to hear, and what must have happened before it is sent?",
		"其他节点需要听到什么？发送之前必须先发生什么？"));
	e6_vote(r, 2, false);
	e6_expect_leader(r, e6_others, 2);
}

LAB_TEST(e6_majority_of_any_size_wins)
{
	static const int sizes[] = {2, 4, 5, 7};

	lab_about(SAY(
		"Candidate 1 of term 4 gets vote after vote in clusters of 2, 4, 5 and 7 nodes.",
		"任期 4 的 candidate 节点 1 在 2、4、5、7 个节点的集群里逐一得到选票。"));
	lab_think(SAY("Who has counted the votes already when the blank is reached?",
		"执行到这个空时，谁已经数过选票了？"));
	for (int i = 0; i < 4; i++) {
		int n = sizes[i], quorum = n / 2 + 1;
		struct raft *r = e6_candidate(n);

		for (int votes = 1; votes < quorum; votes++) {
			e6_expect_candidate(r, votes, n);
			e6_vote(r, (raft_id)votes + 1, false);
		}
		e6_expect_leader(r, e6_others, n - 1);
	}
}

LAB_TEST(e6_node_that_is_alone_wins)
{
	static const raft_term log[] = {2, 3};
	struct raft *r = lab_node(1, 1, 3, log, 2);

	lab_about(SAY(
		"Node 1, alone in its cluster, campaigns for term 4, and its own vote is on disk.",
		"节点 1 是集群里唯一的节点，竞选任期 4，自己的一票已写入磁盘。"));
	lab_think(SAY("Of how many votes is one a majority?", "共有几票时，一票就是多数？"));
	LAB_AS_REFERENCE(raft_campaign(r, CAMPAIGN_ELECTION));
	lab_forget_messages(r);
	e6_vote(r, 1, false);
	e6_expect_leader(r, NULL, 0);
}

LAB_TEST(e6_first_leader_of_all_says_so_too)
{
	struct raft *r = lab_node(1, 3, 0, NULL, 0);
	const struct raft_message *m;

	lab_about(SAY(
		"Three nodes have just been made, their logs are empty. Candidate 1 of term 1 wins with the vote of node 2.",
		"三个节点刚刚建立，日志都是空的。任期 1 的 candidate 节点 1 因节点 2 的票而胜出。"));
	lab_think(SAY("Has a new leader anything to send when there was no entry yet?",
		"之前还没有任何日志项，新 leader 有东西可发吗？"));
	lab_be_candidate(r);
	lab_step(r, (struct raft_message){.type = MSG_VOTE_RESP, .from = 2, .to = 1, .term = 1});
	m = LAB_SENT(r, MSG_APP, 3);
	LAB_EXPECT(m->index == 0 && m->entries.len == 1 && steps_messages(r) == 2,
		SAY("one MsgApp to node 2 and one to node 3, with entry 1/1 (index/term)",
			"给节点 2 和 3 各一条 MsgApp，带着日志项 1/1（索引/任期）"),
		lab_outbox(r));
}

LAB_TEST(e6_winning_commits_nothing_and_forgets_nothing)
{
	struct raft *r = e6_candidate(3);

	lab_about(SAY(
		"Candidate 1 of term 4, which has committed up to 2, wins with the vote of node 2.",
		"任期 4 的 candidate 节点 1 已提交到 2，因节点 2 的票而胜出。"));
	lab_think(SAY("Which entries are committed at the moment of an election?",
		"选举的那一刻，哪些日志项是已提交的？"));
	raft_log_commit_to(&r->raft_log, 2);
	e6_vote(r, 2, false);
	LAB_EXPECT(r->raft_log.committed == 2, SAY("the commit index stays 2", "提交索引仍是 2"),
		SAY("it is %llu", "它是 %llu", r->raft_log.committed));
	LAB_EXPECT(r->election_timeout == 10,
		SAY("election_timeout, the node's configuration, stays 10",
			"election_timeout 是节点的配置，仍是 10"),
		SAY("it is %d", "它是 %d", r->election_timeout));
}

LAB_TEST(e6_own_vote_may_come_last)
{
	static const raft_term log[] = {2, 3};
	struct raft *r = lab_node(1, 3, 3, log, 2);

	lab_about(SAY(
		"Node 1 campaigns for term 4; its disk is slow, and its own vote comes after node 2's.",
		"节点 1 竞选任期 4；它的磁盘很慢，自己的票比节点 2 的票到得晚。"));
	lab_think(SAY(
		"Does it matter whose vote makes the majority?", "是谁的票凑成了多数，有关系吗？"));
	LAB_AS_REFERENCE(raft_campaign(r, CAMPAIGN_ELECTION));
	lab_forget_messages(r);
	e6_vote(r, 2, false);
	e6_expect_candidate(r, 1, 3);
	e6_vote(r, 1, false);
	e6_expect_leader(r, e6_others, 2);
}

LAB_TEST(e6_some_may_say_no)
{
	struct raft *r = e6_candidate(5);

	lab_about(SAY(
		"Of five nodes, nodes 2 and 4 tell candidate 1 of term 4 no, nodes 3 and 5 yes. Pre-vote and check-quorum "
		"are on.",
		"五个节点中，节点 2 和 4 对任期 4 的 candidate 节点 1 回答“否”，节点 3 和 5 回答“是”。pre-vote 和 check-quorum 已启用。"));
	lab_think(SAY("Who has counted the votes already when the blank is reached?",
		"执行到这个空时，谁已经数过选票了？"));
	r->pre_vote = r->check_quorum = true;
	e6_vote(r, 2, true);
	e6_vote(r, 3, false);
	e6_vote(r, 4, true);
	e6_expect_candidate(r, 2, 5);
	e6_vote(r, 5, false);
	e6_expect_leader(r, e6_others, 4);
}

/* raft_become_leader() logs a line when it is done. */
LAB_TEST(e6_leader_first_then_its_messages)
{
	struct raft *r = e6_candidate(3);

	lab_about(SAY("Candidate 1 of term 4 wins with the vote of node 2.",
		"任期 4 的 candidate 节点 1 因节点 2 的票而胜出。"));
	lab_think(SAY("What would a MsgApp hold that leaves before the node is the leader?",
		"如果在成为 leader 之前就发出 MsgApp，里面会有什么？"));
	lab_watch(r, "became leader at term", MSG_APP);
	e6_vote(r, 2, false);
	LAB_EXPECT(lab_watched(r) >= 0,
		SAY("the winner becomes the leader by raft_become_leader()",
			"胜出者通过 raft_become_leader() 成为 leader"),
		SAY("that is not called", "没有调用它"));
	LAB_EXPECT(lab_watched(r) == 0,
		SAY("node 1 becomes the leader, and then sends MsgApp",
			"节点 1 先成为 leader，再发送 MsgApp"),
		SAY("there is a MsgApp to be sent before it is the leader",
			"还没成为 leader，就已有 MsgApp 等待发送"));
}

LAB_TEST(e6_every_member_hears_of_the_leader)
{
	static const raft_term log[] = {2, 3};
	struct raft *r = lab_node(1, 3, 3, log, 2);

	lab_about(SAY(
		"The members are being changed from 1, 2, 3 to 1, 2, 7, and node 9 is a learner. Candidate 1 of term 4 wins "
		"with the vote of node 2.",
		"成员正从 1、2、3 变为 1、2、7，节点 9 是 learner。任期 4 的 candidate 节点 1 因节点 2 的票而胜出。"));
	lab_think(SAY("Who needs the entries of a leader: only those who can vote?",
		"谁需要 leader 的日志项：只有能投票的节点吗？"));
	steps_change_members(r);
	lab_be_candidate(r);
	e6_vote(r, 2, false);
	e6_expect_leader(r, steps_other_members, 4);
}

LAB_TEST(e6_late_vote_changes_nothing)
{
	struct raft *r = e6_candidate(3);

	lab_about(SAY(
		"Node 1 has won term 4 with the vote of node 2; now node 3's vote comes as well.",
		"节点 1 已凭节点 2 的票赢得任期 4；现在节点 3 的票也到了。"));
	lab_think(SAY("Which function takes in the messages that come to a leader?",
		"到达 leader 的消息由哪个函数处理？"));
	e6_vote(r, 2, false);
	lab_forget_messages(r);
	e6_vote(r, 3, false);
	LAB_EXPECT(r->state == RAFT_STATE_LEADER && steps_messages(r) == 0 &&
			   strcmp(lab_whole_log(r), "[1/2 2/3 3/4]") == 0,
		SAY("the election is over: node 1 leads, its log stays [1/2 2/3 3/4] (index/term), and it sends nothing",
			"选举已经结束：节点 1 是 leader，日志仍是 [1/2 2/3 3/4]（索引/任期），什么也不发送"),
		SAY("%s; log %s; %s", "%s；日志 %s；%s", lab_state_of(r), lab_whole_log(r),
			lab_outbox(r)));
}

LAB_TEST(e6_new_leader_does_a_leaders_work)
{
	struct raft *r = e6_candidate(3);

	lab_about(SAY("Node 1 has just won term 4. Node 3 answers its MsgApp, then a tick passes.",
		"节点 1 刚刚赢得任期 4。节点 3 回答了它的 MsgApp，然后一个 tick 过去。"));
	lab_think(SAY("Which three fields change together with a node's role?",
		"节点的角色变化时，哪三个字段一起变化？"));
	e6_vote(r, 2, false);
	e6_expect_leader(r, e6_others, 2);
	lab_step(r, *lab_to_itself(r, MSG_APP_RESP));
	lab_forget_messages(r);
	lab_step(r, (struct raft_message){
			    .type = MSG_APP_RESP, .from = 3, .to = 1, .term = 4, .index = 3});
	LAB_EXPECT(r->raft_log.committed == 3,
		SAY("nodes 1 and 3 have entry 3: leader 1 commits up to 3",
			"节点 1 和 3 都有日志项 3：leader 节点 1 提交到 3"),
		SAY("it has committed up to %llu", "它提交到 %llu", r->raft_log.committed));
	lab_forget_messages(r);
	lab_tick(r);
	LAB_EXPECT(r->state == RAFT_STATE_LEADER && lab_count(r, MSG_HEARTBEAT, 2) == 1 &&
			   lab_count(r, MSG_HEARTBEAT, 3) == 1 && steps_messages(r) == 2,
		SAY("with the tick it sends a heartbeat to nodes 2 and 3",
			"tick 到来时它给节点 2 和 3 各发一次心跳"),
		SAY("%s; %s", "%s；%s", lab_state_of(r), lab_outbox(r)));
}

LAB_TEST(e6_new_leader_has_to_hear_from_a_quorum)
{
	struct raft *r = e6_candidate(3);

	lab_about(SAY(
		"Node 1 has just won term 4 with the vote of node 2; check-quorum is on. From then on "
		"nobody is heard of for an election timeout, 10 ticks.",
		"节点 1 刚刚凭节点 2 的票赢得任期 4；check-quorum 已启用。此后一个选举超时（10 个 tick）里没有收到任何"
		"节点的消息。"));
	lab_think(SAY("Who counts as active for a leader, and from when on?",
		"对 leader 来说，谁算是活跃的？从什么时候算起？"));
	r->check_quorum = true;
	e6_vote(r, 2, false);
	for (int i = 0; i < 10; i++)
		lab_tick(r);
	LAB_EXPECT(r->state == RAFT_STATE_FOLLOWER && r->term == 4,
		SAY("node 1 steps down: it is a follower in term 4",
			"节点 1 退位：它是任期 4 的 follower"),
		lab_state_of(r));
}

/* There may be a membership change in the part of the log that is not applied yet. */
LAB_TEST(e6_new_leader_waits_with_membership_changes)
{
	struct raft *r = e6_candidate(3);
	const struct raft_entries *log = &r->raft_log.unstable.entries;
	struct raft_conf_change_single add = {.type = RAFT_CONF_CHANGE_ADD_NODE, .node_id = 4};
	struct raft_conf_change_v2 change = {.changes = &add, .changes_len = 1};
	struct raft_message prop = raft_conf_change_v2_msg(&change);

	lab_about(SAY(
		"Node 1 has just won term 4, with entries 1 and 2 not applied yet; a change of the members is proposed.",
		"节点 1 刚刚赢得任期 4，日志项 1 和 2 还没有应用；这时有人提议变更成员。"));
	lab_think(SAY("What does raft_become_leader() note, and what do you change behind it?",
		"raft_become_leader() 记下了什么？你在它之后又改了什么？"));
	e6_vote(r, 2, false);
	prop.from = 1;
	lab_step(r, prop);
	LAB_EXPECT(log->len == 2 && log->v[1].type == RAFT_ENTRY_NORMAL,
		SAY("the change comes too early: leader 1 puts an empty entry in its place",
			"变更来得太早：leader 节点 1 用一条空日志项代替它"),
		SAY("it takes the change into its log %s", "它把变更收进了日志 %s",
			lab_whole_log(r)));
}

/* The given branches beside the blank. */
LAB_TEST(e6_loser_becomes_a_follower)
{
	struct raft *r = e6_candidate(3);

	lab_about(SAY("Nodes 2 and 3 both tell candidate 1 of term 4 no.",
		"节点 2 和 3 都对任期 4 的 candidate 节点 1 回答“否”。"));
	lab_think(SAY("Is your text in the right branch?", "你的代码在正确的分支里吗？"));
	e6_vote(r, 2, true);
	e6_vote(r, 3, true);
	LAB_EXPECT(r->state == RAFT_STATE_FOLLOWER && r->term == 4 && steps_messages(r) == 0,
		SAY("with two of three votes against it node 1 is a follower in term 4",
			"三票中有两票反对，节点 1 是任期 4 的 follower"),
		SAY("%s; %s", "%s；%s", lab_state_of(r), lab_outbox(r)));
}
