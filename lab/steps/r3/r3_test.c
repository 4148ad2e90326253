/* SPDX-License-Identifier: Apache-2.0 */
/* Replication Step3: a follower takes in a MsgApp. */
#include "lab/steps/common.h"

#include <string.h>

/* Node 2 of three, in term 4, has waited for 7 ticks and knows no leader; its log has
 * len entries of these terms. */
static struct raft *r3_follower(const raft_term *log, size_t len)
{
	struct raft *r = lab_node(2, 3, 4, log, len);

	r->election_elapsed = 7;
	return r;
}

/* Node 1, leader of term 4, sends n entries of term 4 after an entry. */
static void r3_append(
	struct raft *r, raft_index after, raft_term after_term, int n, raft_index commit)
{
	struct raft_message m = {.type = MSG_APP,
		.from = 1,
		.to = r->id,
		.term = 4,
		.index = after,
		.log_term = after_term,
		.commit = commit};

	for (int i = 1; i <= n; i++) {
		struct raft_entry e = {.index = after + (raft_index)i, .term = 4};

		raft_entries_push(&m.entries, &e);
	}
	lab_step(r, m);
}

static void r3_expect_log(struct raft *r, const char *want, raft_index committed)
{
	const char *log = lab_whole_log(r);

	LAB_EXPECT(strcmp(log, want) == 0 && r->raft_log.committed == committed,
		SAY("the log of follower %llu is then (index/term) %s, committed up to %llu",
			"之后 follower 节点 %llu 的日志是（索引/任期）%s，提交到 %llu", r->id, want,
			committed),
		SAY("it is %s, committed up to %llu", "它是 %s，提交到 %llu", log,
			r->raft_log.committed));
}

/* One answer to node 1, and nothing else. */
static void r3_expect_answer(struct raft *r, bool reject, raft_index index)
{
	const struct raft_message *m = LAB_SENT(r, MSG_APP_RESP, 1);

	LAB_EXPECT(m->reject == reject && m->index == index && m->from == r->id,
		reject ? SAY("the MsgAppResp rejects: the log has no such entry %llu",
				 "MsgAppResp 表示拒绝：日志里没有这样的日志项 %llu", index)
		       : SAY("the MsgAppResp says: the logs agree up to index %llu",
				 "MsgAppResp 说：两份日志直到索引 %llu 都一致", index),
		lab_message(m));
	LAB_EXPECT(r->msgs.len + r->msgs_after_append.len == 1,
		SAY("one answer, and nothing else", "一条回答，此外没有别的"), lab_outbox(r));
}

/* Node 1 has been heard of: the clock stands at 0, and it is known as the leader. */
static void r3_expect_follows(struct raft *r, raft_id vote)
{
	if (r->vote != vote)
		lab_think(SAY(
			"When does a node give its vote away: when it is asked for it, or when it hears of a leader?",
			"节点什么时候投出选票：被请求时，还是听到 leader 的消息时？"));
	LAB_EXPECT(
		r->state == RAFT_STATE_FOLLOWER && r->term == 4 && r->lead == 1 && r->vote == vote,
		SAY("node %llu follows node 1 in term 4; its vote went to %s",
			"节点 %llu 在任期 4 跟随节点 1；它投票给：%s", r->id, lab_who(vote)),
		lab_state_of(r));
	LAB_EXPECT(r->election_elapsed == 0 && r->election_timeout == 10 &&
			   r->randomized_election_timeout >= 10,
		SAY("its leader was heard of: election_elapsed of node %llu goes back to 0",
			"听到了 leader 的消息：节点 %llu 的 election_elapsed 归零", r->id),
		SAY("election_elapsed is %d; the timeouts are %d and %d",
			"election_elapsed 是 %d；超时是 %d 和 %d", r->election_elapsed,
			r->election_timeout, r->randomized_election_timeout));
}

LAB_TEST(r3_entries_are_appended_and_answered)
{
	struct raft *r = r3_follower(NULL, 0);

	lab_about(SAY(
		"Node 1, leader of term 4, sends node 2, whose log is empty, two entries and commit 1.",
		"任期 4 的 leader 节点 1 给日志为空的节点 2 发送两条日志项，并告知提交到 1。"));
	lab_think(SAY("Which function appends the entries of a MsgApp and answers?",
		"哪个函数追加 MsgApp 带来的日志项并回答？"));
	r3_append(r, 0, 0, 2, 1);
	r3_expect_log(r, "[1/4 2/4]", 1);
	r3_expect_answer(r, false, 2);
}

LAB_TEST(r3_leader_is_noted)
{
	struct raft *r = r3_follower(NULL, 0);

	lab_about(SAY(
		"Node 2, in term 4, knows no leader; it voted for node 3, but a MsgApp of term 4 comes from node 1.",
		"节点 2 处在任期 4，不知道 leader；它投票给了节点 3，但任期 4 的 MsgApp 来自节点 1。"));
	lab_think(
		SAY("Who can send a MsgApp of term 4, and what has that to do with node 2's vote?",
			"谁能发送任期 4 的 MsgApp？这和节点 2 的票有什么关系？"));
	r->vote = 3;
	r3_append(r, 0, 0, 1, 0);
	r3_expect_follows(r, 3);
}

LAB_TEST(r3_clock_starts_anew)
{
	lab_about(SAY(
		"Node 2, in term 4, has waited for 7 ticks when a MsgApp of node 1 comes; it may know its leader already, or "
		"not; with pre-vote and check-quorum, and without.",
		"节点 2 处在任期 4，等了 7 个 tick 之后收到节点 1 的 MsgApp；它可能已经知道 leader，也可能不知道；"
		"启用和不启用 pre-vote、check-quorum 都试。"));
	lab_think(SAY("What is counted in election_elapsed?", "election_elapsed 数的是什么？"));
	for (int i = 0; i < 4; i++) {
		struct raft *r = r3_follower(NULL, 0);

		r->lead = i & 1 ? 1 : RAFT_NONE;
		r->pre_vote = r->check_quorum = i & 2;
		r3_append(r, 0, 0, 1, 0);
		r3_expect_follows(r, RAFT_NONE);
	}
}

LAB_TEST(r3_following_is_not_voting)
{
	struct raft *r = r3_follower(NULL, 0);

	lab_about(SAY("Node 2 has not voted in term 4; a MsgApp of its leader, node 1, comes.",
		"节点 2 在任期 4 还没有投票；它的 leader 节点 1 的 MsgApp 到来。"));
	lab_think(SAY("By which message is a vote asked for?", "请求投票用的是哪种消息？"));
	r3_append(r, 0, 0, 1, 0);
	r3_expect_follows(r, RAFT_NONE);
}

LAB_TEST(r3_message_without_entries_counts_as_well)
{
	static const raft_term log[] = {4, 4};

	struct raft *r = r3_follower(log, 2);

	lab_about(SAY(
		"The logs of nodes 1 and 2 are both 1/4 2/4 (index/term). Leader 1 sends a MsgApp without entries: commit 2.",
		"节点 1 和 2 的日志都是 1/4 2/4（索引/任期）。leader 节点 1 发送一条不带日志项的 MsgApp：提交到 2。"));
	lab_think(SAY(
		"What does a MsgApp say besides its entries?", "MsgApp 除了日志项还说了什么？"));
	r3_append(r, 2, 4, 0, 2);
	r3_expect_log(r, "[1/4 2/4]", 2);
	r3_expect_answer(r, false, 2);
	r3_expect_follows(r, RAFT_NONE);
}

LAB_TEST(r3_news_may_be_none)
{
	static const raft_term log[] = {4, 4};
	struct raft *r = r3_follower(log, 2);

	lab_about(SAY(
		"Leader 1 sends node 2 a MsgApp that brings nothing new: no entry, and no higher commit index.",
		"leader 节点 1 给节点 2 发送一条没有任何新内容的 MsgApp：没有日志项，提交索引也没有提高。"));
	lab_think(SAY("What does the leader want to know when it sends that?",
		"leader 发送它，是想知道什么？"));
	r3_append(r, 2, 4, 0, 0);
	r3_expect_log(r, "[1/4 2/4]", 0);
	r3_expect_answer(r, false, 2);
	r3_expect_follows(r, RAFT_NONE);
}

LAB_TEST(r3_gap_is_rejected)
{
	struct raft *r = r3_follower(NULL, 0);

	lab_about(SAY(
		"Leader 1 sends two entries after 5/4 (index/term), but the log of node 2 is empty.",
		"leader 节点 1 发送 5/4（索引/任期）之后的两条日志项，而节点 2 的日志是空的。"));
	lab_think(SAY("Is node 1 less of a leader when its entries do not fit?",
		"日志项接不上，节点 1 就不是 leader 了吗？"));
	r3_append(r, 5, 4, 2, 6);
	r3_expect_log(r, lab_whole_log(r3_follower(NULL, 0)), 0);
	r3_expect_answer(r, true, 5);
	r3_expect_follows(r, RAFT_NONE);
}

LAB_TEST(r3_other_term_before_the_entries_is_rejected)
{
	static const raft_term log[] = {2, 3};
	struct raft *r = r3_follower(log, 2);

	lab_about(SAY(
		"Leader 1 sends an entry after 2/4 (index/term), but entry 2 of node 2 is of term 3.",
		"leader 节点 1 发送 2/4（索引/任期）之后的一条日志项，而节点 2 的日志项 2 属于任期 3。"));
	lab_think(SAY("What does the consistency check of section 5.3 compare?",
		"5.3 节的一致性检查比较的是什么？"));
	r3_append(r, 2, 4, 1, 0);
	r3_expect_log(r, "[1/2 2/3]", 0);
	r3_expect_answer(r, true, 2);
	r3_expect_follows(r, RAFT_NONE);
}

LAB_TEST(r3_conflicting_entries_give_way)
{
	static const raft_term log[] = {2, 3, 3};
	struct raft *r = r3_follower(log, 3);

	lab_about(SAY(
		"The log of node 2 is 1/2 2/3 3/3 (index/term). Leader 1 sends entry 2/4 after 1/2, and commit 2.",
		"节点 2 的日志是 1/2 2/3 3/3（索引/任期）。leader 节点 1 发送 1/2 之后的日志项 2/4，并告知提交到 2。"));
	lab_think(SAY("Which function knows what of the own log stays?",
		"自己的日志哪些保留，由哪个函数判断？"));
	r3_append(r, 1, 2, 1, 2);
	r3_expect_log(r, "[1/2 2/4]", 2);
	r3_expect_answer(r, false, 2);
}

LAB_TEST(r3_old_message_takes_nothing_away)
{
	static const raft_term log[] = {4, 4, 4};
	struct raft *r = r3_follower(log, 3);

	lab_about(SAY(
		"The log of node 2 is 1/4 2/4 3/4 (index/term). A late MsgApp of leader 1 brings entry 1/4 once more.",
		"节点 2 的日志是 1/4 2/4 3/4（索引/任期）。leader 节点 1 的一条迟到的 MsgApp 再次带来日志项 1/4。"));
	lab_think(SAY("Do entries behind those of the message contradict it?",
		"消息里的日志项之后的那些，与消息矛盾吗？"));
	r3_append(r, 0, 0, 1, 0);
	r3_expect_log(r, "[1/4 2/4 3/4]", 0);
	r3_expect_answer(r, false, 1);
	r3_expect_follows(r, RAFT_NONE);
}

LAB_TEST(r3_message_from_before_the_commit_is_answered)
{
	static const raft_term log[] = {4, 4, 4};
	struct raft *r = r3_follower(log, 3);

	lab_about(SAY(
		"Node 2 has committed up to 3. A late MsgApp of leader 1 brings entry 1/4 (index/term) once more.",
		"节点 2 已提交到 3。leader 节点 1 的一条迟到的 MsgApp 再次带来日志项 1/4（索引/任期）。"));
	lab_think(SAY("What does node 2 tell the leader, who may not know how far it is?",
		"leader 可能不知道节点 2 到了哪里；节点 2 告诉它什么？"));
	raft_log_commit_to(&r->raft_log, 3);
	r3_append(r, 0, 0, 1, 1);
	r3_expect_log(r, "[1/4 2/4 3/4]", 3);
	r3_expect_answer(r, false, 3);
	r3_expect_follows(r, RAFT_NONE);
}

/* Figure 2: min(leaderCommit, index of last new entry). */
LAB_TEST(r3_commit_stops_at_the_last_new_entry)
{
	static const raft_term log[] = {4, 4, 3};
	struct raft *r = r3_follower(log, 3);

	lab_about(SAY(
		"The log of node 2 is 1/4 2/4 and a third entry. Leader 1 has committed up to 9, and sends entry 2/4 after "
		"1/4 (index/term).",
		"节点 2 的日志是 1/4 2/4 和第三条日志项。leader 节点 1 已提交到 9，发送 1/4（索引/任期）之后的日志项 2/4。"));
	lab_think(SAY("Up to which index does node 2 know that its log is the leader's?",
		"节点 2 知道自己的日志直到哪个索引与 leader 的相同？"));
	r3_append(r, 1, 4, 1, 9);
	r3_expect_log(r, "[1/4 2/4 3/3]", 2);
	r3_expect_answer(r, false, 2);
}

LAB_TEST(r3_leader_of_a_new_term_is_followed)
{
	struct raft *r = lab_node(2, 3, 3, NULL, 0);

	lab_about(SAY(
		"Node 2 is in term 3 and follows node 3, for which it voted; a MsgApp of node 1, leader of term 4, comes.",
		"节点 2 处在任期 3，跟随它投过票的节点 3；任期 4 的 leader 节点 1 的 MsgApp 到来。"));
	lab_think(SAY(
		"What has raft_step() done by the time the blank is reached, and what is left to do?",
		"执行到这个空之前，raft_step() 做了什么？还剩下什么要做？"));
	r->vote = r->lead = 3;
	r3_append(r, 0, 0, 2, 1);
	r3_expect_log(r, "[1/4 2/4]", 1);
	r3_expect_answer(r, false, 2);
	r3_expect_follows(r, RAFT_NONE);
}

LAB_TEST(r3_learner_follows_like_anyone)
{
	struct raft *r = lab_node(4, 3, 4, NULL, 0);

	lab_about(SAY("Node 4, a learner in term 4, gets a MsgApp of node 1 with two entries.",
		"节点 4 是 learner，处在任期 4，收到节点 1 带来两条日志项的 MsgApp。"));
	lab_think(SAY("What distinguishes a learner from another follower?",
		"learner 与其他 follower 有什么不同？"));
	steps_add_learner(r, 4);
	r->election_elapsed = 7;
	r3_append(r, 0, 0, 2, 1);
	r3_expect_log(r, "[1/4 2/4]", 1);
	r3_expect_answer(r, false, 2);
	r3_expect_follows(r, RAFT_NONE);
}
