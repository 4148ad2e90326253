/* SPDX-License-Identifier: Apache-2.0 */
/* Election Step2: when the election is due, the clock starts anew and the node steps a
 * local MsgHup. */
#include "lab/steps/common.h"

/* Node 1 of n, in term 3, has followed node 2 and voted for it (or is alone). */
static struct raft *e2_node(int n, bool pre_vote)
{
	struct raft *r = lab_node(1, n, 3, NULL, 0);

	r->check_quorum = true;
	r->pre_vote = pre_vote;
	if (n > 1)
		r->lead = r->vote = 2;
	return r;
}

/* One tick with which the election is due. */
static void e2_tick_when_due(struct raft *r)
{
	r->election_elapsed = LAB_ELECTION_TICK - 1;
	lab_tick(r);
}

static void e2_expect_clock_at_0(struct raft *r)
{
	LAB_EXPECT(r->election_elapsed == 0,
		SAY("the tick that starts the election sets election_elapsed of node 1 back to 0",
			"开始选举的那个 tick 让节点 1 的 election_elapsed 归零"),
		SAY("it is %d", "它是 %d", r->election_elapsed));
}

LAB_TEST(e2_due_election_is_started)
{
	struct raft *r = e2_node(3, false);

	lab_about(SAY(
		"Node 1 follows node 2 in term 3; the tenth tick passes without a word of node 2.",
		"节点 1 在任期 3 跟随节点 2；第十个 tick 过去，仍没有节点 2 的消息。"));
	lab_think(SAY("Which function takes in every message, also those of a node to itself?",
		"一切消息，包括节点发给自己的，都由哪个函数处理？"));
	e2_tick_when_due(r);
	LAB_EXPECT(!lab_to_itself(r, MSG_HUP) && lab_count(r, MSG_HUP, 0) == 0,
		SAY("MsgHup is a message of node 1 to itself, taken in at once; it is never in the outbox",
			"MsgHup 是节点 1 给自己的消息，当场处理；它从不进入发件箱"),
		SAY("a MsgHup waits to be sent", "有一条 MsgHup 等待发送"));
	LAB_EXPECT(r->state == RAFT_STATE_CANDIDATE && r->term == 4 && r->vote == 1 &&
			   r->lead == RAFT_NONE,
		SAY("by its MsgHup node 1 becomes a candidate in term 4",
			"MsgHup 让节点 1 成为任期 4 的 candidate"),
		lab_state_of(r));
	LAB_EXPECT(lab_count(r, MSG_VOTE, 2) == 1 && lab_count(r, MSG_VOTE, 3) == 1 &&
			   steps_messages(r) == 2,
		SAY("one MsgVote to node 2, one to node 3, and nothing else",
			"给节点 2 和节点 3 各一条 MsgVote，此外没有别的"),
		lab_outbox(r));
	e2_expect_clock_at_0(r);
}

/* A leader that hands over lets others campaign in spite of leases; a timeout does not. */
LAB_TEST(e2_timeout_is_no_transfer)
{
	struct raft *r = e2_node(3, false);

	lab_about(SAY(
		"Node 1 follows node 2 in term 3; the tenth tick passes without a word of node 2.",
		"节点 1 在任期 3 跟随节点 2；第十个 tick 过去，仍没有节点 2 的消息。"));
	lab_think(SAY(
		"For which reasons can a node campaign (enum campaign_type), and which one is this?",
		"节点竞选可以有哪些原因（enum campaign_type）？这里是哪一个？"));
	e2_tick_when_due(r);
	LAB_EXPECT(LAB_SENT(r, MSG_VOTE, 2)->context.len == 0,
		SAY("nobody asked node 1 to campaign, so its MsgVote has no context",
			"没有谁要节点 1 竞选，所以它的 MsgVote 没有 context"),
		SAY("the context says that the leader hands over",
			"context 说 leader 在移交领导权"));
}

LAB_TEST(e2_pre_vote_comes_first_where_it_is_on)
{
	struct raft *r = e2_node(3, true);

	lab_about(SAY("Pre-vote is switched on. Node 1, in term 3, is due to start an election.",
		"启用了 pre-vote。节点 1 处在任期 3，该发起选举了。"));
	lab_think(SAY("Who decides whether an election begins with a pre-vote?",
		"选举是否从 pre-vote 开始，由谁决定？"));
	e2_tick_when_due(r);
	LAB_EXPECT(r->state == RAFT_STATE_PRE_CANDIDATE && r->term == 3 && r->vote == 2 &&
			   r->lead == RAFT_NONE,
		SAY("node 1 becomes a pre-candidate and stays in term 3, where it voted for node 2",
			"节点 1 成为 pre-candidate，仍在任期 3，它在该任期的票投给了节点 2"),
		lab_state_of(r));
	LAB_EXPECT(lab_count(r, MSG_PRE_VOTE, 2) == 1 && lab_count(r, MSG_PRE_VOTE, 3) == 1 &&
			   steps_messages(r) == 2,
		SAY("one MsgPreVote to node 2, one to node 3, and nothing else",
			"给节点 2 和节点 3 各一条 MsgPreVote，此外没有别的"),
		lab_outbox(r));
	lab_think(SAY(
		"Nobody answers. After how many ticks shall node 1 ask again, and when will it?",
		"没有人回答。节点 1 应当在多少个 tick 之后再问一次？实际会在什么时候？"));
	e2_expect_clock_at_0(r);
}

LAB_TEST(e2_next_try_comes_one_timeout_later)
{
	lab_about(SAY(
		"Nobody answers node 1's requests; the ticks of two more election timeouts pass. First without "
		"pre-vote, then with it.",
		"没有谁回答节点 1 的请求；又过去两个选举超时的 tick。先是不启用 pre-vote，再是启用。"));
	lab_think(SAY("From which moment on are the ticks up to the next try counted?",
		"到下一次尝试为止的 tick，是从什么时刻开始数的？"));
	for (int pre_vote = 0; pre_vote <= 1; pre_vote++) {
		struct raft *r = e2_node(3, pre_vote);
		enum raft_message_type type = pre_vote ? MSG_PRE_VOTE : MSG_VOTE;

		e2_tick_when_due(r);
		for (int i = 1; i <= 20; i++) {
			if (i % 10 == 1)
				lab_forget_messages(r);
			LAB_EXPECT(steps_messages(r) == 0,
				SAY("10 ticks after each try node 1 asks again, not sooner",
					"每次尝试之后 10 个 tick，节点 1 才再次请求，不会更早"),
				SAY("%d ticks after the first: %s", "第一次之后 %d 个 tick：%s",
					i - 1, lab_outbox(r)));
			lab_tick(r);
			if (i % 10)
				continue;
			LAB_EXPECT(lab_count(r, type, 2) == 1 && lab_count(r, type, 3) == 1 &&
					   steps_messages(r) == 2,
				SAY("10 ticks later node 1 tries again: a %1$s to node 2 and one to node 3",
					"10 个 tick 之后节点 1 再试一次：给节点 2 和节点 3 各一条 %1$s",
					raft_message_type_name(type)),
				SAY("%s; %s", "%s；%s", lab_state_of(r), lab_outbox(r)));
		}
	}
}

/* raft_hup() looks after that, so MsgHup must take the way through raft_step(). */
LAB_TEST(e2_pending_membership_change_forbids_to_campaign)
{
	const raft_term log[] = {3};
	struct raft *r = lab_node(1, 3, 3, log, 1);
	struct raft_memory_storage *ms = (struct raft_memory_storage *)r->raft_log.storage;

	lab_about(SAY(
		"Node 1 follows node 2 in term 3; entry 1 in its log is a membership change, committed and not "
		"applied yet. Its election is due.",
		"节点 1 在任期 3 跟随节点 2；它的日志项 1 是一次成员变更，已提交而尚未应用。该发起选举了。"));
	lab_think(SAY("Which checks stand between a MsgHup and a campaign?",
		"在 MsgHup 和竞选之间有哪些检查？"));
	ms->ents.v[1].type = RAFT_ENTRY_CONF_CHANGE;
	raft_log_commit_to(&r->raft_log, 1);
	r->lead = r->vote = 2;
	e2_tick_when_due(r);
	LAB_EXPECT(r->state == RAFT_STATE_FOLLOWER && r->term == 3 && r->vote == 2 &&
			   r->lead == 2 && steps_messages(r) == 0,
		SAY("node 1 does not know who may vote, so its MsgHup is refused: it still follows node 2 in term 3",
			"节点 1 还不知道谁有投票权，所以它的 MsgHup 被拒绝：它仍在任期 3 跟随节点 2"),
		SAY("%s; %s", "%s；%s", lab_state_of(r), lab_outbox(r)));
	LAB_EXPECT(r->election_elapsed == 0,
		SAY("its clock starts anew all the same", "它的时钟照样归零"),
		SAY("election_elapsed is %d", "election_elapsed 是 %d", r->election_elapsed));
}

LAB_TEST(e2_other_pending_entries_do_not_matter)
{
	const raft_term log[] = {3};
	struct raft *r = lab_node(1, 3, 3, log, 1);

	lab_about(SAY(
		"Entry 1 in the log of node 1, an ordinary one, is committed and not applied yet. Its election "
		"is due, in term 3.",
		"节点 1 的日志项 1 是普通的日志项，已提交而尚未应用。它处在任期 3，该发起选举了。"));
	lab_think(SAY("Which checks stand between a MsgHup and a campaign?",
		"在 MsgHup 和竞选之间有哪些检查？"));
	raft_log_commit_to(&r->raft_log, 1);
	e2_tick_when_due(r);
	LAB_EXPECT(r->state == RAFT_STATE_CANDIDATE && r->term == 4,
		SAY("node 1 becomes a candidate in term 4", "节点 1 成为任期 4 的 candidate"),
		lab_state_of(r));
}

LAB_TEST(e2_node_that_is_alone_elects_itself)
{
	struct raft *r = e2_node(1, false);
	const struct raft_message *own;

	lab_about(SAY("Node 1 is the only node of its cluster, in term 3, and its election is due.",
		"节点 1 是集群里唯一的节点，处在任期 3，该发起选举了。"));
	lab_think(
		SAY("Is there any node that does not need an election?", "有不需要选举的节点吗？"));
	e2_tick_when_due(r);
	own = lab_to_itself(r, MSG_VOTE_RESP);
	LAB_EXPECT(r->state == RAFT_STATE_CANDIDATE && r->term == 4 && own,
		SAY("node 1 becomes a candidate in term 4, and its own vote is on the way",
			"节点 1 成为任期 4 的 candidate，它自己的一票正在途中"),
		SAY("%s; its own vote: %s", "%s；它自己的一票：%s", lab_state_of(r),
			lab_message(own)));
	lab_step(r, *own);
	LAB_EXPECT(r->state == RAFT_STATE_LEADER && r->term == 4,
		SAY("with its own vote node 1 leads in term 4",
			"有了自己的一票，节点 1 就是任期 4 的 leader"),
		lab_state_of(r));
}

/* The kit sets the timeout back after each event; so this looks within. */
LAB_TEST(e2_timeouts_stay_random)
{
	lab_about(SAY(
		"Node 1 starts election after election, twenty times. First without pre-vote, then with it.",
		"节点 1 一次又一次地发起选举，共二十次。先是不启用 pre-vote，再是启用。"));
	lab_think(SAY("What happens to nodes whose timeouts are all the same?",
		"如果各个节点的超时完全一样，会发生什么？"));
	for (int pre_vote = 0; pre_vote <= 1; pre_vote++) {
		struct raft *r = e2_node(3, pre_vote);
		int shortest = 0;

		for (int i = 0; i < 20; i++) {
			int drawn = 0;

			r->randomized_election_timeout = 17;
			r->election_elapsed = 17;
			LAB_DO(r, "raft_tick_election", {
				raft_tick_election(r);
				drawn = r->randomized_election_timeout;
			});
			LAB_EXPECT(drawn >= 10 && drawn < 20 && r->election_timeout == 10,
				SAY("election_timeout stays 10, and randomized_election_timeout is between 10 and 19",
					"election_timeout 仍是 10，randomized_election_timeout 在 10 和 19 之间"),
				SAY("they are %d and %d", "它们是 %d 和 %d", r->election_timeout,
					drawn));
			shortest += drawn == 10;
			lab_forget_messages(r);
		}
		LAB_EXPECT(shortest < 20,
			SAY("not every timeout is the shortest possible one, 10 ticks",
				"不会每次超时都恰好是最短的 10 个 tick"),
			SAY("it is, after each of 20 elections", "20 次选举之后，每次都是"));
	}
}
