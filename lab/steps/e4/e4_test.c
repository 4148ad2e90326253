/* SPDX-License-Identifier: Apache-2.0 */
/* Election Step4: the branch of raft_campaign() for the real election. */
#include "lab/steps/common.h"

#include <string.h>

/* Node 1 of n, in term 5, with a log that ends in entry 2 of term 3. */
static struct raft *e4_node(int n)
{
	static const raft_term log[] = {2, 3};

	return lab_node(1, n, 5, log, 2);
}

static void e4_campaign(struct raft *r, enum campaign_type t)
{
	LAB_DO(r, "raft_campaign", raft_campaign(r, t));
}

static bool e4_says_transfer(const struct raft_message *m)
{
	return raft_context_equal(
		&m->context, CAMPAIGN_TRANSFER_CONTEXT, strlen(CAMPAIGN_TRANSFER_CONTEXT));
}

/* Node 1 asks all others for their votes in a term, and does nothing else. */
static void e4_expect_requests(struct raft *r, int n, raft_term term)
{
	const struct raft_message *own = lab_to_itself(r, MSG_VOTE_RESP);

	LAB_EXPECT(r->state == RAFT_STATE_CANDIDATE && r->term == term && r->vote == 1 &&
			   r->lead == RAFT_NONE,
		SAY("node 1 is a candidate in term %llu with its own vote",
			"节点 1 是任期 %llu 的 candidate，有自己的一票", term),
		lab_state_of(r));
	LAB_EXPECT(lab_count(r, MSG_VOTE, 0) == n - 1 && steps_messages(r) == n - 1,
		SAY("one MsgVote to each of the other nodes (%d), and nothing else",
			"给其他每个节点（共 %d 个）各一条 MsgVote，此外没有别的", n - 1),
		lab_outbox(r));
	for (int to = 2; to <= n; to++) {
		const struct raft_message *m = LAB_SENT(r, MSG_VOTE, (raft_id)to);

		LAB_EXPECT(m->term == term && m->index == 2 && m->log_term == 3,
			SAY("the MsgVote to node %d asks for term %llu, and says that the log ends in 2/3 (index/term)",
				"给节点 %d 的 MsgVote 请求任期 %llu 的票，并说明日志止于 2/3（索引/任期）",
				to, term),
			SAY("%s, log ends in %llu/%llu", "%s，日志止于 %llu/%llu", lab_message(m),
				m->index, m->log_term));
	}
	LAB_EXPECT(own && own->term == term && !own->reject && r->msgs_after_append.len == 1,
		SAY("its own vote of term %llu goes to itself as one MsgVoteResp, to be counted when it is on disk",
			"它自己在任期 %llu 的一票作为一条 MsgVoteResp 发给自己，写入磁盘后才计入",
			term),
		SAY("%s; %u such messages wait", "%s；等待的这类消息有 %u 条", lab_message(own),
			r->msgs_after_append.len));
}

LAB_TEST(e4_candidate_asks_every_other_node)
{
	struct raft *r = e4_node(3);

	lab_about(SAY("Node 1 of three, in term 5, campaigns.",
		"三个节点中的节点 1 处在任期 5，开始竞选。"));
	lab_think(SAY(
		"What kind of request asks for a real vote, and in which term is the node when it leaves?",
		"哪一种请求是在请求真正的一票？它发出时节点处在哪个任期？"));
	e4_campaign(r, CAMPAIGN_ELECTION);
	e4_expect_requests(r, 3, 6);
}

LAB_TEST(e4_cluster_may_have_any_size)
{
	static const int sizes[] = {1, 2, 4, 5, 7};

	lab_about(SAY("Node 1, in term 5, campaigns in clusters of 1, 2, 4, 5 and 7 nodes.",
		"节点 1 处在任期 5，分别在 1、2、4、5、7 个节点的集群里竞选。"));
	lab_think(SAY("Which lines of raft_campaign() depend on the number of nodes?",
		"raft_campaign() 的哪几行与节点的个数有关？"));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct raft *r = e4_node(sizes[i]);

		e4_campaign(r, CAMPAIGN_ELECTION);
		e4_expect_requests(r, sizes[i], 6);
	}
}

LAB_TEST(e4_candidate_that_lost_asks_for_the_next_term)
{
	struct raft *r = e4_node(3);

	lab_about(SAY("Node 1, a candidate in term 6 already, campaigns once more.",
		"节点 1 已经是任期 6 的 candidate，再次竞选。"));
	lab_think(SAY("What has become of r->term when raft_become_candidate() returns?",
		"raft_become_candidate() 返回之后，r->term 变成了什么？"));
	lab_be_candidate(r);
	e4_campaign(r, CAMPAIGN_ELECTION);
	e4_expect_requests(r, 3, 7);
}

LAB_TEST(e4_won_pre_vote_leads_to_a_real_election)
{
	struct raft *r = e4_node(3);

	lab_about(SAY(
		"With pre-vote on, pre-candidate 1 of term 5 hears yes from itself and from node 2, and goes on to "
		"the real election.",
		"启用 pre-vote；任期 5 的 pre-candidate 节点 1 得到自己和节点 2 的赞成，进入真正的选举。"));
	lab_think(SAY(
		"With pre-vote on raft_campaign() runs twice. What is different the second time?",
		"启用 pre-vote 时 raft_campaign() 运行两次。第二次有什么不同？"));
	r->pre_vote = r->check_quorum = true;
	LAB_AS_REFERENCE(raft_campaign(r, CAMPAIGN_PRE_ELECTION));
	lab_forget_messages(r);
	lab_step(
		r, (struct raft_message){.type = MSG_PRE_VOTE_RESP, .from = 1, .to = 1, .term = 6});
	lab_step(
		r, (struct raft_message){.type = MSG_PRE_VOTE_RESP, .from = 2, .to = 1, .term = 6});
	e4_expect_requests(r, 3, 6);
	LAB_EXPECT(r->pre_vote && r->check_quorum,
		SAY("pre_vote and check_quorum are node 1's configuration, which stays",
			"pre_vote 和 check_quorum 是节点 1 的配置，保持不变"),
		SAY("pre_vote is %d, check_quorum is %d", "pre_vote 是 %d，check_quorum 是 %d",
			r->pre_vote, r->check_quorum));
}

LAB_TEST(e4_own_vote_counts_once_it_is_saved)
{
	struct raft *r = e4_node(3);
	struct raft_message own;

	lab_about(SAY(
		"Node 1 campaigns for term 6. Node 2's vote comes before node 1 has written its own to disk.",
		"节点 1 竞选任期 6。节点 2 的票到达时，节点 1 还没有把自己的票写入磁盘。"));
	lab_think(SAY("By which message does a candidate hear of its own vote?",
		"candidate 通过哪条消息得知自己的一票？"));
	e4_campaign(r, CAMPAIGN_ELECTION);
	e4_expect_requests(r, 3, 6);
	own = *lab_to_itself(r, MSG_VOTE_RESP);
	lab_step(r, (struct raft_message){.type = MSG_VOTE_RESP, .from = 2, .to = 1, .term = 6});
	LAB_EXPECT(r->state == RAFT_STATE_CANDIDATE,
		SAY("one vote is counted, node 2's: node 1 is still a candidate",
			"只计入了节点 2 的一票：节点 1 仍是 candidate"),
		lab_state_of(r));
	lab_step(r, own);
	LAB_EXPECT(r->state == RAFT_STATE_LEADER && r->term == 6,
		SAY("with its own vote node 1 has two of three: it leads in term 6",
			"加上自己的一票，节点 1 有了三票中的两票：它是任期 6 的 leader"),
		lab_state_of(r));
}

/* Not being asked to, nobody may get round the leases of others. */
LAB_TEST(e4_ordinary_campaign_is_no_transfer)
{
	struct raft *r = e4_node(3);

	lab_about(SAY("Node 1, in term 5, campaigns because its timeout is over.",
		"节点 1 处在任期 5，因超时而竞选。"));
	lab_think(SAY("Who reads the context of a MsgVote, and what does it allow?",
		"谁会读 MsgVote 的 context？它允许了什么？"));
	e4_campaign(r, CAMPAIGN_ELECTION);
	LAB_EXPECT(!e4_says_transfer(LAB_SENT(r, MSG_VOTE, 2)),
		SAY("the MsgVote does not say that the leader hands over",
			"MsgVote 没有说 leader 在移交领导权"),
		SAY("it does", "它说了"));
}

LAB_TEST(e4_transfer_is_a_real_election)
{
	struct raft *r = e4_node(3);

	lab_about(SAY(
		"The leader of term 5 hands over to node 1, which campaigns for that (CAMPAIGN_TRANSFER).",
		"任期 5 的 leader 把领导权移交给节点 1，节点 1 为此竞选（CAMPAIGN_TRANSFER）。"));
	lab_think(SAY(
		"Which types of campaign come into this branch?", "哪几种竞选会进入这个分支？"));
	r->pre_vote = r->check_quorum = true;
	e4_campaign(r, CAMPAIGN_TRANSFER);
	e4_expect_requests(r, 3, 6);
	LAB_EXPECT(e4_says_transfer(LAB_SENT(r, MSG_VOTE, 2)) &&
			   e4_says_transfer(LAB_SENT(r, MSG_VOTE, 3)),
		SAY("each MsgVote of a transfer says so in its context, so that the others vote in spite of their leader",
			"移交时的每条 MsgVote 都在 context 里说明这一点，其他节点才会不顾现有的 leader 而投票"),
		SAY("it does not", "没有说明"));
}

/* The given branch beside the blank. */
LAB_TEST(e4_pre_vote_stays_as_it_was)
{
	struct raft *r = e4_node(3);
	const struct raft_message *m;

	lab_about(SAY("Node 1, in term 5, campaigns in a pre-vote.",
		"节点 1 处在任期 5，进行 pre-vote。"));
	lab_think(SAY("Is your text in the right branch?", "你的代码在正确的分支里吗？"));
	e4_campaign(r, CAMPAIGN_PRE_ELECTION);
	m = LAB_SENT(r, MSG_PRE_VOTE, 2);
	LAB_EXPECT(r->state == RAFT_STATE_PRE_CANDIDATE && r->term == 5 && m->term == 6,
		SAY("a pre-vote asks for term 6 with MsgPreVote and leaves node 1 in term 5",
			"pre-vote 用 MsgPreVote 请求任期 6 的票，而节点 1 仍在任期 5"),
		SAY("%s; %s", "%s；%s", lab_state_of(r), lab_outbox(r)));
}
