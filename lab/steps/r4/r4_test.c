/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replication Step4: a quorum has the entry. The commit index moves, and everyone is
 * told at once; heartbeats would tell it later, so no tick passes here and the messages
 * are counted.
 */
#include "lab/steps/common.h"

/* Node 1 of n leads in term 4, and has sent out its three entries of the given terms.
 * They are on its own disk. */
static struct raft *r4_leader(int n, raft_term first, raft_term others)
{
	raft_term log[] = {first, others, others};
	struct raft *r = lab_node(1, n, 4, log, 3);

	lab_be_leader(r);
	return r;
}

/* Node from tells the leader that it has the log up to index. */
static void r4_has(struct raft *r, raft_id from, raft_index index)
{
	lab_forget_messages(r);
	lab_step(
		r, (struct raft_message){
			   .type = MSG_APP_RESP, .from = from, .to = 1, .term = 4, .index = index});
}

static const raft_id r4_others[] = {2, 3, 4, 5, 6, 7};

/* The commit index has moved, and each of the others is told by one MsgApp without
 * entries; nothing else is sent. */
static void r4_expect_told(struct raft *r, raft_index committed, const raft_id *others, int n)
{
	LAB_EXPECT(r->raft_log.committed == committed,
		SAY("leader 1 commits up to %llu", "leader 节点 1 提交到 %llu", committed),
		SAY("it has committed up to %llu", "它提交到 %llu", r->raft_log.committed));
	for (int i = 0; i < n; i++) {
		const struct raft_message *m = LAB_SENT(r, MSG_APP, others[i]);

		LAB_EXPECT(m->commit == committed && lab_count(r, MSG_APP, others[i]) == 1 &&
				   m->index == 3 && m->entries.len == 0,
			SAY("before any tick passes, leader 1 tells node %llu by one MsgApp: commit %llu",
				"不等任何 tick 流逝，leader 节点 1 用一条 MsgApp 告诉节点 %llu：提交到 %llu",
				others[i], committed),
			lab_outbox(r));
	}
	LAB_EXPECT(steps_messages(r) == n,
		SAY("%d MsgApp, and nothing else", "%d 条 MsgApp，此外没有别的", n), lab_outbox(r));
}

static void r4_expect_nothing_told(struct raft *r, raft_index committed)
{
	LAB_EXPECT(r->raft_log.committed == committed,
		SAY("leader 1 has committed up to %llu, as before", "leader 节点 1 仍只提交到 %llu",
			committed),
		SAY("it has committed up to %llu", "它提交到 %llu", r->raft_log.committed));
	LAB_EXPECT(steps_messages(r) == 0,
		SAY("the commit index did not move, so there is nothing to tell",
			"提交索引没有移动，所以没有什么可说的"),
		lab_outbox(r));
}

LAB_TEST(r4_entry_on_a_majority_is_committed_and_told)
{
	struct raft *r = r4_leader(3, 4, 4);

	lab_about(SAY(
		"Node 1 leads three nodes in term 4, its log has three entries of term 4. Node 2 answers that it has them all.",
		"节点 1 在任期 4 领导三个节点，日志有三条任期 4 的日志项。节点 2 回答说它全都有了。"));
	lab_think(SAY("What does raft_maybe_commit() do, and what does it leave to you?",
		"raft_maybe_commit() 做了什么？又把什么留给了你？"));
	r4_has(r, 2, 3);
	r4_expect_told(r, 3, r4_others, 2);
	LAB_EXPECT(r->raft_log.applied == 0,
		SAY("the application applies what is committed, and tells raft when it has: applied stays 0",
			"已提交的日志项由应用程序应用，应用之后才告诉 raft：applied 仍是 0"),
		SAY("it is %llu", "它是 %llu", r->raft_log.applied));
}

LAB_TEST(r4_every_move_is_told_once)
{
	struct raft *r = r4_leader(3, 4, 4);

	lab_about(SAY(
		"Leader 1 of three nodes hears of node 2 that it has entry 1, then 2, then 3; then node 3 says the same.",
		"三个节点的 leader 节点 1 先后听到节点 2 说有了日志项 1、2、3；随后节点 3 也这样说。"));
	lab_think(SAY("Of which answers is there something new to tell?",
		"哪些回答带来了值得告诉大家的新消息？"));
	for (raft_index i = 1; i <= 3; i++) {
		r4_has(r, 2, i);
		r4_expect_told(r, i, r4_others, 2);
	}
	for (raft_index i = 1; i <= 3; i++) {
		r4_has(r, 3, i);
		r4_expect_nothing_told(r, 3);
	}
}

LAB_TEST(r4_majority_is_counted_in_any_size)
{
	static const int sizes[] = {2, 4, 5, 7};

	lab_about(SAY(
		"In clusters of 2, 4, 5 and 7 nodes follower after follower tells leader 1 that it has entry 3.",
		"在 2、4、5、7 个节点的集群里，follower 一个接一个地告诉 leader 节点 1：有了日志项 3。"));
	lab_think(
		SAY("Who knows how many nodes are a majority?", "多少个节点才是多数派，谁知道？"));
	for (int i = 0; i < 4; i++) {
		int n = sizes[i], quorum = n / 2 + 1;
		struct raft *r = r4_leader(n, 4, 4);

		r->check_quorum = true;
		for (int have = 2; have < quorum; have++) {
			r4_has(r, (raft_id)have, 3);
			r4_expect_nothing_told(r, 0);
		}
		r4_has(r, (raft_id)quorum, 3);
		r4_expect_told(r, 3, r4_others, n - 1);
		for (int have = quorum + 1; have <= n; have++) {
			r4_has(r, (raft_id)have, 3);
			r4_expect_nothing_told(r, 3);
		}
	}
}

LAB_TEST(r4_commit_is_what_a_majority_has)
{
	struct raft *r = r4_leader(5, 4, 4);

	lab_about(SAY(
		"Of five nodes node 2 has entry 1, then node 3 tells leader 1 that it has entry 3, then node 4 that it has entry 2.",
		"五个节点中，节点 2 有日志项 1；然后节点 3 告诉 leader 节点 1 它有日志项 3；然后节点 4 说它有日志项 2。"));
	lab_think(SAY("Which index does a majority have: that of the last answer?",
		"多数派都有的是哪个索引？是最后那个回答里的吗？"));
	r4_has(r, 2, 1);
	r4_expect_nothing_told(r, 0);
	r4_has(r, 3, 3);
	r4_expect_told(r, 1, r4_others, 4);
	r4_has(r, 4, 2);
	r4_expect_told(r, 2, r4_others, 4);
}

LAB_TEST(r4_node_that_is_alone_commits)
{
	struct raft *r = r4_leader(1, 4, 4);
	struct raft_message own;

	lab_about(SAY(
		"Node 1, alone in its cluster, leads in term 4; a proposed entry 4 has come to its disk.",
		"节点 1 是集群里唯一的节点，在任期 4 是 leader；提议的日志项 4 已写入它的磁盘。"));
	lab_think(SAY("Whose answers come to this blank?", "哪些节点的回答会执行到这个空？"));
	lab_propose(r, 1);
	own = *lab_to_itself(r, MSG_APP_RESP);
	lab_step(r, own);
	r4_expect_told(r, 4, NULL, 0);
}

LAB_TEST(r4_own_disk_may_be_the_last)
{
	struct raft *r = r4_leader(3, 4, 4);
	struct raft_message own;

	lab_about(SAY(
		"Entry 4 is proposed to leader 1 of three nodes. Node 2 has it first; then it comes to the leader's own, slow disk.",
		"有人向三个节点的 leader 节点 1 提议日志项 4。节点 2 先有了它；然后它才写入 leader 自己那很慢的磁盘。"));
	lab_think(SAY("Does it matter whose answer makes the majority?",
		"是谁的回答凑成了多数，有关系吗？"));
	lab_propose(r, 1);
	own = *lab_to_itself(r, MSG_APP_RESP);
	lab_step(r, (struct raft_message){
			    .type = MSG_APP_RESP, .from = 2, .to = 1, .term = 4, .index = 4});
	LAB_EXPECT(r->raft_log.committed == 3,
		SAY("nodes 1 and 2 have entry 3 on disk, only node 2 has entry 4: commit 3",
			"日志项 3 在节点 1 和 2 的磁盘上，日志项 4 只在节点 2 上：提交到 3"),
		SAY("leader 1 has committed up to %llu", "leader 节点 1 提交到 %llu",
			r->raft_log.committed));
	tracker_for_each(&r->trk, pr)
		pr->recent_active = pr->id == 1; /* a quorum check has just begun anew */
	lab_forget_messages(r);
	lab_step(r, own);
	LAB_EXPECT(r->raft_log.committed == 4 && LAB_SENT(r, MSG_APP, 2)->commit == 4 &&
			   LAB_SENT(r, MSG_APP, 3)->commit == 4 && steps_messages(r) == 2,
		SAY("now two of three have entry 4: commit 4, told to nodes 2 and 3 by one MsgApp each",
			"现在三个节点中有两个有日志项 4：提交到 4，用一条 MsgApp 分别告诉节点 2 和 3"),
		SAY("committed %llu; %s", "提交到 %llu；%s", r->raft_log.committed, lab_outbox(r)));
}

/* Figure 8 of the paper. */
LAB_TEST(r4_older_terms_are_not_counted)
{
	struct raft *r = r4_leader(3, 2, 3);

	lab_about(SAY(
		"Node 1 leads in term 4, but its log, 1/2 2/3 3/3 (index/term), is of older terms. Node 2 has all of it.",
		"节点 1 在任期 4 是 leader，但它的日志 1/2 2/3 3/3（索引/任期）属于旧的任期。节点 2 全都有。"));
	lab_think(SAY(
		"Why can an entry of an older term be lost although a majority has it (figure 8)?",
		"为什么旧任期的日志项即使多数派都有，也可能丢失（图 8）？"));
	r4_has(r, 2, 3);
	r4_expect_nothing_told(r, 0);
	r4_has(r, 3, 3);
	r4_expect_nothing_told(r, 0);
}

LAB_TEST(r4_older_terms_come_along)
{
	struct raft *r = r4_leader(5, 3, 4);

	lab_about(SAY(
		"Node 1 leads five nodes in term 4, its log is 1/3 2/4 3/4 (index/term). Nodes 2 and 3 have entry 1, then entry 2.",
		"节点 1 在任期 4 领导五个节点，日志是 1/3 2/4 3/4（索引/任期）。节点 2 和 3 先有了日志项 1，再有了日志项 2。"));
	lab_think(SAY("How does an entry of an older term get committed?",
		"旧任期的日志项是怎样提交的？"));
	r4_has(r, 2, 1);
	r4_has(r, 3, 1);
	r4_expect_nothing_told(r, 0);
	r4_has(r, 2, 2);
	r4_expect_nothing_told(r, 0);
	r4_has(r, 3, 2);
	r4_expect_told(r, 2, r4_others, 4);
}

LAB_TEST(r4_members_decide_and_all_are_told)
{
	static const raft_term log[] = {4, 4, 4};
	struct raft *r = lab_node(1, 3, 4, log, 3);

	lab_about(SAY(
		"The members are being changed from 1, 2, 3 to 1, 2, 7, and node 9 is a learner. Nodes 9, 3 and 7 answer leader 1 that "
		"they have entry 3.",
		"成员正从 1、2、3 变为 1、2、7，节点 9 是 learner。节点 9、3、7 先后回答 leader 节点 1：有了日志项 3。"));
	lab_think(SAY("Who counts for the quorum, and who has to hear of it?",
		"谁计入多数派？谁需要得到通知？"));
	steps_change_members(r);
	lab_be_leader(r);
	r4_has(r, 9, 3);
	r4_expect_nothing_told(r, 0);
	r4_has(r, 3, 3);
	r4_expect_nothing_told(r, 0);
	r4_has(r, 7, 3);
	r4_expect_told(r, 3, steps_other_members, 4);
}

/* raft_bcast_append() knows whom it may send what. */
LAB_TEST(r4_slow_followers_are_told_as_well)
{
	struct raft *r = r4_leader(5, 4, 4);
	struct progress *probed = tracker_get(&r->trk, 5);

	lab_about(SAY(
		"Leader 1 of five nodes probes node 5, whose log may be another, and has heard nothing of node 4 lately. Nodes 2 and 3 "
		"have entry 3.",
		"五个节点的 leader 节点 1 在探测节点 5，它的日志可能不同；最近也没有收到节点 4 的消息。节点 2 和 3 有了日志项 3。"));
	lab_think(SAY("Who decides to whom a MsgApp may be sent now?",
		"现在可以给谁发 MsgApp，由谁决定？"));
	tracker_get(&r->trk, 4)->recent_active = false;
	progress_become_probe(probed);
	probed->next = 4;
	r4_has(r, 2, 3);
	r4_has(r, 3, 3);
	r4_expect_told(r, 3, r4_others, 4);
}

/* The given code after the blank. */
LAB_TEST(r4_commit_reaches_who_could_not_be_told)
{
	struct raft *r = r4_leader(5, 4, 4);
	struct progress *probed = tracker_get(&r->trk, 5);

	lab_about(SAY(
		"Leader 1 of five nodes waits for node 5 to answer a probe; nodes 2 and 3 have entry 3. Then node 5 answers that it has "
		"entry 3, too.",
		"五个节点的 leader 节点 1 在等节点 5 回答一次探测；节点 2 和 3 有了日志项 3。然后节点 5 回答说它也有日志项 3。"));
	lab_think(SAY("What is done after the blank, and what does it look at?",
		"空之后做了什么？它看的是什么？"));
	progress_become_probe(probed);
	probed->next = 4;
	probed->msg_app_flow_paused = true;
	r4_has(r, 2, 3);
	r4_has(r, 3, 3);
	r4_expect_told(r, 3, r4_others, 3);
	r4_has(r, 5, 3);
	r4_expect_told(r, 3, (const raft_id[]){5}, 1);
}

LAB_TEST(r4_probed_follower_gets_the_rest)
{
	struct raft *r = r4_leader(5, 4, 4);
	struct progress *probed = tracker_get(&r->trk, 5);
	const struct raft_message *m;

	lab_about(SAY(
		"Leader 1 of five nodes probes node 5 with entry 1. Node 5 answers that it has it: nothing is committed by that.",
		"五个节点的 leader 节点 1 用日志项 1 探测节点 5。节点 5 回答说有了：提交索引不因此移动。"));
	lab_think(SAY("What is done after the blank, and is it reached?",
		"空之后做了什么？会执行到那里吗？"));
	progress_become_probe(probed);
	probed->match = 0;
	probed->next = 1;
	r4_has(r, 5, 1);
	LAB_EXPECT(r->raft_log.committed == 0,
		SAY("two of five nodes have entry 1: not committed",
			"五个节点中有两个有日志项 1：不提交"),
		SAY("leader 1 has committed up to %llu", "leader 节点 1 提交到 %llu",
			r->raft_log.committed));
	m = LAB_SENT(r, MSG_APP, 5);
	LAB_EXPECT(m->index == 1 && m->entries.len == 2 && steps_messages(r) == 1,
		SAY("node 5 gets what it lacks: one MsgApp after 1/4 with entries 2/4 3/4 (index/term)",
			"节点 5 得到它缺的部分：一条在 1/4 之后、带着 2/4 3/4（索引/任期）的 MsgApp"),
		lab_outbox(r));
}

LAB_TEST(r4_waiting_reads_begin_with_the_first_commit)
{
	struct raft *r = r4_leader(3, 4, 4);
	struct raft_message read = {.type = MSG_READ_INDEX, .from = 1, .to = 1};

	lab_about(SAY(
		"A read waits at leader 1, which has committed nothing in term 4 yet. Node 2 answers that it has entry 3.",
		"leader 节点 1 在任期 4 还没有提交过；有一个读请求在等待。节点 2 回答说它有了日志项 3。"));
	lab_think(SAY("What is done after the blank when the commit index has moved?",
		"提交索引移动之后，空的后面做了什么？"));
	lab_push_letter(&read.entries, 'r');
	lab_step(r, read);
	r4_has(r, 2, 3);
	LAB_EXPECT(r->raft_log.committed == 3 && lab_count(r, MSG_APP, 0) == 2 &&
			   lab_count(r, MSG_HEARTBEAT, 0) == 2 && steps_messages(r) == 4,
		SAY("leader 1 commits up to 3, tells nodes 2 and 3, and asks both by a heartbeat whether it still leads, for the read",
			"leader 节点 1 提交到 3，告诉节点 2 和 3，并为这个读请求用心跳询问两者自己是否仍是 leader"),
		SAY("committed %llu; %s", "提交到 %llu；%s", r->raft_log.committed, lab_outbox(r)));
}

LAB_TEST(r4_transfer_goes_on)
{
	struct raft *r = r4_leader(3, 4, 4);

	lab_about(SAY(
		"Leader 1 of three nodes is handing over to node 2 and waits for it to have all entries. Now node 2 has them.",
		"三个节点的 leader 节点 1 正把领导权移交给节点 2，在等它拥有全部日志项。现在节点 2 都有了。"));
	lab_think(SAY("What is done after the blank, and is it reached?",
		"空之后做了什么？会执行到那里吗？"));
	r->lead_transferee = 2;
	r4_has(r, 2, 3);
	LAB_EXPECT(r->raft_log.committed == 3 && lab_count(r, MSG_APP, 0) == 2 &&
			   lab_count(r, MSG_TIMEOUT_NOW, 2) == 1 && steps_messages(r) == 3,
		SAY("leader 1 commits up to 3, tells nodes 2 and 3, and sends node 2 a MsgTimeoutNow",
			"leader 节点 1 提交到 3，告诉节点 2 和 3，并给节点 2 发送 MsgTimeoutNow"),
		SAY("committed %llu; %s", "提交到 %llu；%s", r->raft_log.committed, lab_outbox(r)));
}

LAB_TEST(r4_clocks_of_the_leader_run_on)
{
	struct raft *r = r4_leader(3, 4, 4);

	lab_about(SAY(
		"Leader 1 sends a heartbeat every third tick. Two ticks pass, node 2 answers that it has entry 3, a third tick passes. "
		"Nobody else is heard of until an election timeout is over.",
		"leader 节点 1 每三个 tick 发送一次心跳。过了两个 tick，节点 2 回答说有了日志项 3，又过了第三个 tick。"
		"直到选举超时，再没有收到别的消息。"));
	lab_think(SAY("What has a commit to do with the leader's clocks?",
		"提交和 leader 的时钟有什么关系？"));
	r->heartbeat_timeout = 3;
	lab_tick(r);
	lab_tick(r);
	r4_has(r, 2, 3);
	lab_forget_messages(r);
	lab_tick(r);
	LAB_EXPECT(lab_count(r, MSG_HEARTBEAT, 0) == 2 && r->election_elapsed == 3,
		SAY("the third tick brings a heartbeat to each follower, commit or not, and election_elapsed shows 3",
			"无论有没有提交，第三个 tick 都给每个 follower 发心跳，election_elapsed 是 3"),
		SAY("%s; election_elapsed is %d", "%s；election_elapsed 是 %d", lab_outbox(r),
			r->election_elapsed));
}
