/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replication Step2: what the leader appended is sent at once. The answers to
 * heartbeats would bring it to the followers later, so no tick passes here and the
 * messages are counted.
 */
#include "lab/steps/common.h"

#include <string.h>

/* Node 1 of n leads in term 4, and everybody's log is 1/4 2/4. */
static struct raft *r2_leader(int n)
{
	static const raft_term log[] = {4, 4};
	struct raft *r = lab_node(1, n, 4, log, 2);

	r->check_quorum = true;
	lab_be_leader(r);
	return r;
}

static const raft_id r2_others[] = {2, 3, 4, 5, 6, 7};

/* The entries after index, n of them, are in the leader's log and on their way to each
 * of the others in one MsgApp; nothing else is, and nothing is committed by that. */
static void r2_expect_sent(
	struct raft *r, raft_index after, uint32_t n, const raft_id *others, int count)
{
	raft_index last = after + n;

	LAB_EXPECT(raft_log_last_index(&r->raft_log) == last && r->raft_log.committed == 0 &&
			   r->term == 4,
		SAY("the log of leader 1 ends at index %llu in term 4, nothing committed yet",
			"leader 节点 1 在任期 4 的日志止于索引 %llu，尚无提交", last),
		SAY("log %s, committed up to %llu; %s", "日志 %s，提交到 %llu；%s",
			lab_whole_log(r), r->raft_log.committed, lab_state_of(r)));
	for (int i = 0; i < count; i++) {
		const struct raft_message *m = LAB_SENT(r, MSG_APP, others[i]);

		LAB_EXPECT(lab_count(r, MSG_APP, others[i]) == 1 && m->index == after &&
				   m->log_term == 4 && m->entries.len == n,
			SAY("before any tick passes, leader 1 sends node %llu one MsgApp after %llu/4 with %u new entries",
				"不等任何 tick 流逝，leader 节点 1 给节点 %llu 发送一条在 %llu/4 之后、带 %u 条新日志项的 MsgApp",
				others[i], after, n),
			lab_outbox(r));
	}
	LAB_EXPECT(steps_messages(r) == count,
		SAY("%d MsgApp, and nothing else", "%d 条 MsgApp，此外没有别的", count),
		lab_outbox(r));
}

static void r2_ask(void)
{
	lab_think(
		SAY("By what way would the entry reach the followers without this step, and when?",
			"没有这一步，日志项会通过什么途径、在什么时候到达 follower？"));
}

LAB_TEST(r2_proposal_is_sent_at_once)
{
	struct raft *r = r2_leader(3);
	enum raft_error err;

	lab_about(SAY("A client proposes an entry to node 1, leader of term 4 among three nodes.",
		"客户端向三个节点中任期 4 的 leader 节点 1 提议一条日志项。"));
	r2_ask();
	err = lab_propose(r, 1);
	LAB_EXPECT(err == RAFT_OK,
		SAY("the proposal is taken: raft_step() returns RAFT_OK",
			"提议被接受：raft_step() 返回 RAFT_OK"),
		raft_strerror(err));
	r2_expect_sent(r, 2, 1, r2_others, 2);
}

LAB_TEST(r2_batch_takes_one_message)
{
	struct raft *r = r2_leader(3);

	lab_about(SAY("One MsgProp brings leader 1 three entries.",
		"一条 MsgProp 给 leader 节点 1 带来三条日志项。"));
	lab_think(SAY("How many entries go into a MsgApp?", "一条 MsgApp 里有几条日志项？"));
	lab_propose(r, 3);
	r2_expect_sent(r, 2, 3, r2_others, 2);
}

LAB_TEST(r2_cluster_may_have_any_size)
{
	static const int sizes[] = {2, 4, 5, 7};

	lab_about(SAY("An entry is proposed to node 1, leader of term 4 among 2, 4, 5 and 7 nodes.",
		"分别在 2、4、5、7 个节点的集群里，向任期 4 的 leader 节点 1 提议一条日志项。"));
	lab_think(SAY(
		"Who needs the entry, and who has it already?", "谁需要这条日志项？谁已经有了？"));
	for (int i = 0; i < 4; i++) {
		struct raft *r = r2_leader(sizes[i]);

		lab_propose(r, 1);
		r2_expect_sent(r, 2, 1, r2_others, sizes[i] - 1);
	}
}

LAB_TEST(r2_proposals_do_not_wait_for_answers)
{
	struct raft *r = r2_leader(3);

	lab_about(SAY(
		"Three proposals come to leader 1, one after another; no follower has answered yet.",
		"三个提议先后到达 leader 节点 1；还没有 follower 回答。"));
	lab_think(SAY("What does the leader note about a follower when it sends it an entry?",
		"leader 给 follower 发送日志项时，记下了什么？"));
	for (raft_index after = 2; after < 5; after++) {
		lab_propose(r, 1);
		r2_expect_sent(r, after, 1, r2_others, 2);
		lab_forget_messages(r);
	}
}

LAB_TEST(r2_every_member_gets_it)
{
	static const raft_term log[] = {4, 4};
	struct raft *r = lab_node(1, 3, 4, log, 2);

	lab_about(SAY(
		"The members are being changed from 1, 2, 3 to 1, 2, 7, and node 9 is a learner. An entry is proposed to "
		"node 1, leader of term 4.",
		"成员正从 1、2、3 变为 1、2、7，节点 9 是 learner。有人向任期 4 的 leader 节点 1 提议一条日志项。"));
	lab_think(SAY("Who needs the entries of a leader: only those who can vote?",
		"谁需要 leader 的日志项：只有能投票的节点吗？"));
	steps_change_members(r);
	lab_be_leader(r);
	lab_propose(r, 1);
	r2_expect_sent(r, 2, 1, steps_other_members, 4);
}

LAB_TEST(r2_any_kind_of_entry_is_sent)
{
	struct raft *r = r2_leader(3);
	struct raft_conf_change_single add = {.type = RAFT_CONF_CHANGE_ADD_NODE, .node_id = 4};
	struct raft_conf_change_v2 change = {.changes = &add, .changes_len = 1};
	struct raft_message prop = {.type = MSG_PROP, .from = 1, .to = 1};

	lab_about(SAY(
		"Node 2 forwards an entry without payload to leader 1; then a change of the members is proposed.",
		"节点 2 向 leader 节点 1 转发一条没有内容的日志项；随后有人提议变更成员。"));
	lab_think(SAY("Does it matter what is proposed, and by whom?",
		"提议的内容、提议的来源，有关系吗？"));
	raft_entries_push(&prop.entries, &(struct raft_entry){0});
	prop.from = 2;
	lab_step(r, prop);
	r2_expect_sent(r, 2, 1, r2_others, 2);
	lab_forget_messages(r);
	prop = raft_conf_change_v2_msg(&change);
	prop.from = 1;
	lab_step(r, prop);
	r2_expect_sent(r, 3, 1, r2_others, 2);
}

/* raft_bcast_append() knows whom it may send what. */
LAB_TEST(r2_flow_control_stays)
{
	struct raft *r = r2_leader(5);
	struct progress *probed = tracker_get(&r->trk, 2), *paused = tracker_get(&r->trk, 3);

	lab_about(SAY(
		"Leader 1 has heard nothing of its four followers lately. It probes node 2, and waits for node 3 to answer "
		"a probe. An entry is proposed.",
		"leader 节点 1 最近没有收到四个 follower 的消息。它在探测节点 2，还在等节点 3 回答一次探测。有人提议一条日志项。"));
	lab_think(SAY("Who decides to whom a MsgApp may be sent now?",
		"现在可以给谁发 MsgApp，由谁决定？"));
	tracker_for_each(&r->trk, pr)
		pr->recent_active = pr->id == 1;
	progress_become_probe(probed);
	progress_become_probe(paused);
	probed->next = paused->next = 3;
	paused->msg_app_flow_paused = true;
	lab_propose(r, 1);
	r2_expect_sent(r, 2, 1, (const raft_id[]){2, 4, 5}, 3);
}

LAB_TEST(r2_leader_acknowledges_an_entry_once)
{
	struct raft *r = r2_leader(3);
	const struct raft_message *own;

	lab_about(
		SAY("An entry is proposed to leader 1; what it has for itself waits for the disk.",
			"有人向 leader 节点 1 提议一条日志项；它给自己的消息等待写入磁盘。"));
	lab_think(SAY("What has raft_append_entry() done already?",
		"raft_append_entry() 已经做了什么？"));
	lab_propose(r, 1);
	own = lab_to_itself(r, MSG_APP_RESP);
	LAB_EXPECT(own && own->index == 3 && r->msgs_after_append.len == 1,
		SAY("one MsgAppResp to itself, for index 3", "给自己的一条 MsgAppResp，索引为 3"),
		SAY("%s; %u such messages", "%s；这类消息有 %u 条", lab_message(own),
			r->msgs_after_append.len));
}

LAB_TEST(r2_clocks_of_the_leader_run_on)
{
	struct raft *r = r2_leader(3);

	lab_about(SAY(
		"Leader 1 sends a heartbeat every third tick. Two ticks pass, an entry is proposed, a third tick passes. "
		"Nobody answers until an election timeout is over.",
		"leader 节点 1 每三个 tick 发送一次心跳。过了两个 tick，有人提议一条日志项，又过了第三个 tick。"
		"直到选举超时，一直没有谁回答。"));
	lab_think(SAY("What has a proposal to do with the leader's clocks?",
		"提议和 leader 的时钟有什么关系？"));
	r->heartbeat_timeout = 3;
	tracker_for_each(&r->trk, pr)
		pr->recent_active = pr->id == 1;
	lab_tick(r);
	lab_tick(r);
	lab_propose(r, 1);
	lab_forget_messages(r);
	lab_tick(r);
	LAB_EXPECT(lab_count(r, MSG_HEARTBEAT, 0) == 2,
		SAY("the third tick brings a heartbeat to each follower, proposal or not",
			"无论有没有提议，第三个 tick 都给每个 follower 发心跳"),
		lab_outbox(r));
	for (int i = 4; i <= 10; i++)
		lab_tick(r);
	LAB_EXPECT(r->state == RAFT_STATE_FOLLOWER,
		SAY("with check-quorum on, a leader that heard of no quorum for 10 ticks steps down, proposal or not",
			"启用 check-quorum 时，10 个 tick 里没有收到多数派消息的 leader 会退位，无论有没有提议"),
		lab_state_of(r));
}

LAB_TEST(r2_waiting_read_makes_no_difference)
{
	struct raft *r = r2_leader(3);
	struct raft_message read = {.type = MSG_READ_INDEX, .from = 1, .to = 1};

	lab_about(SAY(
		"A read waits until leader 1 knows that it still leads; meanwhile an entry is proposed.",
		"一个读请求在等待 leader 节点 1 确认自己仍是 leader；这时有人提议一条日志项。"));
	lab_think(SAY("What do reads and proposals have to do with each other?",
		"读请求和提议有什么关系？"));
	raft_log_commit_to(&r->raft_log, 2);
	lab_push_letter(&read.entries, 'r');
	lab_step(r, read);
	lab_forget_messages(r);
	lab_propose(r, 1);
	LAB_EXPECT(lab_count(r, MSG_APP, 2) == 1 && lab_count(r, MSG_APP, 3) == 1 &&
			   steps_messages(r) == 2,
		SAY("the entry is sent at once: one MsgApp to node 2 and one to node 3",
			"日志项立即发出：给节点 2 和 3 各一条 MsgApp"),
		lab_outbox(r));
}

/* The given code before the blank. */
LAB_TEST(r2_dropped_proposal_is_not_sent)
{
	struct raft *r = r2_leader(3);
	enum raft_error err;

	lab_about(SAY("Leader 1 is handing over to node 2 when an entry is proposed.",
		"leader 节点 1 正在把领导权移交给节点 2，这时有人提议一条日志项。"));
	lab_think(SAY("Is your text behind the checks?", "你的代码在各项检查之后吗？"));
	r->lead_transferee = 2;
	err = lab_propose(r, 1);
	LAB_EXPECT(err == RAFT_ERR_PROPOSAL_DROPPED && steps_messages(r) == 0,
		SAY("the proposal is dropped, and nothing is sent", "提议被丢弃，什么也不发送"),
		SAY("%s; %s", "%s；%s", raft_strerror(err), lab_outbox(r)));
}
