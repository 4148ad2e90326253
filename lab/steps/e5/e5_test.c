/* SPDX-License-Identifier: Apache-2.0 */
/* Election Step5: the answer to a request for a vote that is granted. */
#include "lab/steps/common.h"

/* Node 3 of five, in term 4, with a log that ends in entry 2 of term 3. */
static struct raft *e5_node(void)
{
	static const raft_term log[] = {2, 3};

	return lab_node(3, 5, 4, log, 2);
}

/* Node 2, whose log ends as node 3's does, asks it. */
static void e5_ask(struct raft *r, enum raft_message_type type, raft_term term)
{
	lab_step(r, (struct raft_message){.type = type,
			    .from = 2,
			    .to = r->id,
			    .term = term,
			    .log_term = 3,
			    .index = 2});
}

/* Node r tells node 2 yes, for a term, once, and nobody anything else. */
static void e5_expect_yes(struct raft *r, enum raft_message_type type, raft_term term)
{
	const char *name = raft_message_type_name(type);
	const struct raft_message *m = LAB_SENT(r, type, 2);

	LAB_EXPECT(m->from == r->id && !m->reject && m->term == term,
		SAY("the %1$s of node %2$llu to node 2 says yes, for term %3$llu, the term that was asked for",
			"节点 %2$llu 给节点 2 的 %1$s 表示赞成，任期是被请求的任期 %3$llu", name,
			r->id, term),
		lab_message(m));
	LAB_EXPECT(r->msgs.len + r->msgs_after_append.len == 1,
		SAY("one answer, and nothing else", "一条回答，此外没有别的"), lab_outbox(r));
	LAB_EXPECT(r->msgs.len == 0,
		SAY("a vote is a promise: it leaves when it is on disk, and raft_send() sees to that",
			"投票是一种承诺：写入磁盘之后才发出，raft_send() 会负责这一点"),
		SAY("the answer leaves at once", "回答立即就发出了"));
}

static void e5_expect_state(
	struct raft *r, enum raft_state state, raft_term term, raft_id vote, raft_id lead)
{
	if (r->vote != vote)
		lab_think(SAY("Which grants bind a node, and in whose lines is that remembered?",
			"哪些赞成会约束节点？这由哪几行代码记住？"));
	LAB_EXPECT(r->state == state && r->term == term && r->vote == vote && r->lead == lead,
		SAY("node %llu is %s in term %llu, its vote went to %s, the leader it knows is %s",
			"节点 %llu 是 %s，任期 %llu，选票投给了 %s，它知道的 leader 是 %s", r->id,
			lab_role(state), term, lab_who(vote), lab_who(lead)),
		lab_state_of(r));
}

LAB_TEST(e5_vote_goes_to_who_asked)
{
	struct raft *r = e5_node();

	lab_about(SAY("Node 3, in term 4, has not voted; node 2 asks for its vote of term 4.",
		"节点 3 处在任期 4，还没有投票；节点 2 请求它在任期 4 的票。"));
	lab_think(SAY("The rejection above the blank has the form. What is different in a yes?",
		"空的上方那个拒绝就是样子。赞成有什么不同？"));
	r->pre_vote = true; /* what is answered is what was asked, whatever else is on */
	e5_ask(r, MSG_VOTE, 4);
	e5_expect_yes(r, MSG_VOTE_RESP, 4);
	e5_expect_state(r, RAFT_STATE_FOLLOWER, 4, 2, RAFT_NONE);
}

LAB_TEST(e5_vote_in_a_new_term_is_granted)
{
	struct raft *r = e5_node();

	lab_about(SAY(
		"Node 3 followed node 1 in term 4 and voted for it; node 2 asks for its vote of term 6.",
		"节点 3 在任期 4 跟随节点 1，也投票给了它；节点 2 请求它在任期 6 的票。"));
	lab_think(SAY("In which term is node 3 when the blank is reached?",
		"执行到这个空时，节点 3 处在哪个任期？"));
	r->vote = r->lead = 1;
	e5_ask(r, MSG_VOTE, 6);
	e5_expect_yes(r, MSG_VOTE_RESP, 6);
	e5_expect_state(r, RAFT_STATE_FOLLOWER, 6, 2, RAFT_NONE);
}

LAB_TEST(e5_pre_vote_is_answered_in_the_term_asked_for)
{
	static const raft_term terms[] = {5, 7};

	lab_about(SAY(
		"Node 3, in term 4, is asked by node 2 for a pre-vote; first for term 5, then for term 7.",
		"节点 3 处在任期 4，节点 2 向它请求 pre-vote；先是任期 5 的，再是任期 7 的。"));
	lab_think(SAY(
		"What does a pre-candidate do with an answer in a term that is not the one it asked for?",
		"收到的回答如果不属于自己请求的任期，pre-candidate 会怎么处理？"));
	for (int i = 0; i < 2; i++) {
		struct raft *r = e5_node();

		e5_ask(r, MSG_PRE_VOTE, terms[i]);
		e5_expect_yes(r, MSG_PRE_VOTE_RESP, terms[i]);
		e5_expect_state(r, RAFT_STATE_FOLLOWER, 4, RAFT_NONE, RAFT_NONE);
	}
}

LAB_TEST(e5_pre_vote_binds_nobody)
{
	struct raft *r = e5_node();

	lab_about(SAY(
		"Node 3 follows node 1 in term 4, voted for it, and has waited for 7 ticks. Node 2 asks for a "
		"pre-vote for term 5.",
		"节点 3 在任期 4 跟随节点 1，也投票给了它，已经等了 7 个 tick。节点 2 请求任期 5 的 pre-vote。"));
	lab_think(SAY("Which lines after the blank are for real votes only, and why?",
		"空之后的哪几行只针对真正的投票？为什么？"));
	r->vote = r->lead = 1;
	r->election_elapsed = 7;
	e5_ask(r, MSG_PRE_VOTE, 5);
	e5_expect_yes(r, MSG_PRE_VOTE_RESP, 5);
	e5_expect_state(r, RAFT_STATE_FOLLOWER, 4, 1, 1);
	LAB_EXPECT(r->election_elapsed == 7,
		SAY("a pre-vote does not touch node 3's clock: election_elapsed stays 7",
			"pre-vote 不影响节点 3 的时钟：election_elapsed 仍是 7"),
		SAY("it is %d", "它是 %d", r->election_elapsed));
}

LAB_TEST(e5_pre_vote_for_the_own_term_is_granted)
{
	struct raft *r = e5_node();

	lab_about(SAY(
		"Node 2 is behind: from term 3 it asks for a pre-vote for term 4. Node 3 is in term 4, has not voted "
		"and knows no leader.",
		"节点 2 落后了：它在任期 3，请求任期 4 的 pre-vote。节点 3 处在任期 4，还没有投票，也不知道 leader。"));
	lab_think(SAY("When are the two terms, the node's and the request's, the same?",
		"节点的任期和请求的任期，什么时候相同？"));
	e5_ask(r, MSG_PRE_VOTE, 4);
	e5_expect_yes(r, MSG_PRE_VOTE_RESP, 4);
	e5_expect_state(r, RAFT_STATE_FOLLOWER, 4, RAFT_NONE, RAFT_NONE);
}

LAB_TEST(e5_repeated_request_is_answered_again)
{
	struct raft *r = e5_node();

	lab_about(SAY(
		"Node 3 voted for node 2 in term 4, and follows it since. The request for that vote comes a "
		"second time.",
		"节点 3 在任期 4 投票给了节点 2，之后一直跟随它。那次投票的请求又到达一次。"));
	lab_think(SAY(
		"Who decides whether the vote is granted: the code before the blank, or the blank?",
		"是否投赞成票由谁决定：空之前的代码，还是这个空？"));
	r->vote = r->lead = 2;
	e5_ask(r, MSG_VOTE, 4);
	e5_expect_yes(r, MSG_VOTE_RESP, 4);
	e5_expect_state(r, RAFT_STATE_FOLLOWER, 4, 2, 2);
}

LAB_TEST(e5_granted_vote_is_remembered)
{
	struct raft *r = e5_node();

	lab_about(SAY(
		"Node 3, in term 4, has waited for 5 ticks when node 2 asks for its vote; then node 1 asks for it.",
		"节点 3 处在任期 4，等了 5 个 tick 之后，节点 2 请求它的票；随后节点 1 也来请求。"));
	lab_think(SAY("What has to happen after the blank, and is it reached?",
		"空之后还必须做什么？会执行到那里吗？"));
	r->election_elapsed = 5;
	e5_ask(r, MSG_VOTE, 4);
	e5_expect_state(r, RAFT_STATE_FOLLOWER, 4, 2, RAFT_NONE);
	LAB_EXPECT(r->election_elapsed == 0,
		SAY("granting a vote sets node 3's clock back to 0",
			"投出赞成票，节点 3 的时钟归零"),
		SAY("election_elapsed is %d", "election_elapsed 是 %d", r->election_elapsed));
	lab_forget_messages(r);
	lab_step(r, (struct raft_message){.type = MSG_VOTE,
			    .from = 1,
			    .to = 3,
			    .term = 4,
			    .log_term = 3,
			    .index = 2});
	LAB_EXPECT(LAB_SENT(r, MSG_VOTE_RESP, 1)->reject,
		SAY("node 1, who asks later in the same term, is told no",
			"节点 1 在同一任期里来晚了，得到的回答是“否”"),
		lab_outbox(r));
}

LAB_TEST(e5_better_log_is_no_obstacle)
{
	static const struct {
		raft_term log_term;
		raft_index index;
	} logs[] = {{3, 2}, {3, 9}, {4, 1}};

	lab_about(SAY(
		"Node 2 asks node 3, whose log ends in 2/3 (index/term), for its vote of term 5; its own log ends in "
		"2/3, then in 9/3, then in 1/4.",
		"节点 3 的日志止于 2/3（索引/任期）；节点 2 请求它在任期 5 的票，自己的日志先是止于 2/3，再是 9/3，再是 1/4。"));
	lab_think(SAY("Does the answer depend on anything but the request?",
		"回答取决于请求以外的什么吗？"));
	for (int i = 0; i < 3; i++) {
		struct raft *r = e5_node();

		lab_step(r, (struct raft_message){.type = MSG_VOTE,
				    .from = 2,
				    .to = 3,
				    .term = 5,
				    .log_term = logs[i].log_term,
				    .index = logs[i].index});
		e5_expect_yes(r, MSG_VOTE_RESP, 5);
	}
}

LAB_TEST(e5_every_role_can_grant_a_pre_vote)
{
	struct raft *r = e5_node();

	lab_about(SAY(
		"Node 3 is a candidate in term 5, then the leader in term 4. Each time node 2 asks for a pre-vote for "
		"term 6.",
		"节点 3 先是任期 5 的 candidate，再是任期 4 的 leader。每次节点 2 都请求任期 6 的 pre-vote。"));
	lab_think(SAY("What does a node give away with a pre-vote?",
		"给出一个 pre-vote，节点放弃了什么？"));
	lab_be_candidate(r);
	e5_ask(r, MSG_PRE_VOTE, 6);
	e5_expect_yes(r, MSG_PRE_VOTE_RESP, 6);
	e5_expect_state(r, RAFT_STATE_CANDIDATE, 5, 3, RAFT_NONE);

	r = e5_node();
	lab_be_leader(r);
	e5_ask(r, MSG_PRE_VOTE, 6);
	e5_expect_yes(r, MSG_PRE_VOTE_RESP, 6);
	e5_expect_state(r, RAFT_STATE_LEADER, 4, 3, 3);
}

/* It may have been made a voter without knowing it yet. */
LAB_TEST(e5_learner_votes_when_it_is_asked)
{
	static const raft_term log[] = {2, 3};
	struct raft *r = lab_node(4, 3, 4, log, 2);

	lab_about(SAY("Node 4, a learner in term 4, is asked by node 2 for its vote of term 5.",
		"节点 4 是 learner，处在任期 4；节点 2 请求它在任期 5 的票。"));
	lab_think(SAY(
		"Who decides whether the vote is granted: the code before the blank, or the blank?",
		"是否投赞成票由谁决定：空之前的代码，还是这个空？"));
	steps_add_learner(r, 4);
	e5_ask(r, MSG_VOTE, 5);
	e5_expect_yes(r, MSG_VOTE_RESP, 5);
}

/* What a node knows of the members may be old; that is no reason not to answer. */
LAB_TEST(e5_who_asks_need_not_be_known)
{
	struct raft *r = e5_node();

	lab_about(SAY(
		"Node 3, in term 4, has not heard yet that node 7 is a member. Node 7 asks for its vote of term 5.",
		"节点 3 处在任期 4，还不知道节点 7 已经是成员。节点 7 请求它在任期 5 的票。"));
	lab_think(SAY("Where does the code before the blank ask who is a member?",
		"空之前的代码在哪里问过谁是成员？"));
	lab_step(r, (struct raft_message){.type = MSG_VOTE,
			    .from = 7,
			    .to = 3,
			    .term = 5,
			    .log_term = 3,
			    .index = 2});
	LAB_EXPECT(!LAB_SENT(r, MSG_VOTE_RESP, 7)->reject && steps_messages(r) == 1,
		SAY("node 7 is told yes, once", "节点 7 得到一次赞成"), lab_outbox(r));
	e5_expect_state(r, RAFT_STATE_FOLLOWER, 5, 7, RAFT_NONE);
}

LAB_TEST(e5_vote_in_the_middle_of_a_membership_change)
{
	static const raft_term log[] = {2, 3};
	struct raft *r = lab_node(1, 3, 4, log, 2);

	lab_about(SAY(
		"Of nodes 1, 2 and 3 node 3 is on its way out, and node 7 on its way in. Node 2 asks node 1, in term 4, "
		"for its vote of term 5.",
		"节点 1、2、3 中，节点 3 正在退出，节点 7 正在加入。节点 2 请求处在任期 4 的节点 1 在任期 5 的票。"));
	lab_think(SAY("Does a node have to know the quorum in order to vote?",
		"节点投票时需要知道 quorum 是哪些节点吗？"));
	steps_change_members(r);
	e5_ask(r, MSG_VOTE, 5);
	e5_expect_yes(r, MSG_VOTE_RESP, 5);
}

/* The given branch beside the blank. */
LAB_TEST(e5_old_log_is_rejected)
{
	struct raft *r = e5_node();

	lab_about(SAY(
		"Node 2, whose log ends in 9/2 (index/term), asks node 3, whose log ends in 2/3, for its vote of term 4.",
		"节点 2 的日志止于 9/2（索引/任期）；它向日志止于 2/3 的节点 3 请求任期 4 的票。"));
	lab_think(SAY("Is your text below the return of the rejection?",
		"你的代码在拒绝分支的 return 之后吗？"));
	lab_step(r, (struct raft_message){.type = MSG_VOTE,
			    .from = 2,
			    .to = 3,
			    .term = 4,
			    .log_term = 2,
			    .index = 9});
	LAB_EXPECT(LAB_SENT(r, MSG_VOTE_RESP, 2)->reject && steps_messages(r) == 1,
		SAY("node 2, whose log is older, is told no, once",
			"节点 2 的日志更旧，得到一次“否”"),
		lab_outbox(r));
}
