/* SPDX-License-Identifier: Apache-2.0 */
/* Election Step1: a tick of a follower or candidate moves election_elapsed on. */
#include "lab/steps/common.h"

#include <string.h>

/* Lets n ticks pass at a node whose clock stands at 0, and looks at it after each:
 * nothing but the clock has moved. */
static void e1_let_ticks_pass(struct raft *r, int n)
{
	const char *was = lab_state_of(r);
	int timeout = r->election_timeout;

	for (int i = 1; i <= n; i++) {
		lab_tick(r);
		LAB_EXPECT(r->election_elapsed == i,
			SAY("after tick %d the election clock of node %llu (election_elapsed) shows %d",
				"第 %d 个 tick 之后，节点 %llu 的选举时钟（election_elapsed）是 %d",
				i, r->id, i),
			SAY("it shows %d", "它是 %d", r->election_elapsed));
		LAB_EXPECT(r->election_timeout == timeout,
			SAY("a tick moves the clock; the limit election_timeout stays %d",
				"tick 拨动的是时钟；界限 election_timeout 仍是 %d", timeout),
			SAY("election_timeout is %d", "election_timeout 是 %d",
				r->election_timeout));
		LAB_EXPECT(strcmp(was, lab_state_of(r)) == 0 && steps_messages(r) == 0,
			SAY("before the timeout is over, a tick changes nothing else and sends nothing: %s",
				"超时之前，tick 不改变别的，也不发送消息：%s", was),
			SAY("after tick %d: %s; %s", "第 %d 个 tick 之后：%s；%s", i,
				lab_state_of(r), lab_outbox(r)));
	}
}

static void e1_ask(void)
{
	lab_think(SAY(
		"Which field of struct raft is the clock, and which are the limits that it runs up to?",
		"struct raft 的哪个字段是时钟，哪些是它要走到的界限？"));
}

LAB_TEST(e1_follower_counts_every_tick)
{
	struct raft *r = lab_node(1, 3, 3, NULL, 0);

	lab_about(SAY("Node 1 follows node 2 in term 3, and hears nothing of it for five ticks.",
		"节点 1 在任期 3 跟随节点 2，接连五个 tick 没有收到它的消息。"));
	e1_ask();
	r->lead = r->vote = 2;
	r->heartbeat_timeout = 3; /* the leader's limit; not to be mixed up */
	e1_let_ticks_pass(r, 5);
}

LAB_TEST(e1_candidate_counts_every_tick)
{
	struct raft *r = lab_node(3, 5, 3, NULL, 0);

	lab_about(SAY(
		"Node 3 of five nodes is a candidate in term 4; five ticks pass without an answer.",
		"五个节点中的节点 3 是任期 4 的 candidate；五个 tick 过去，没有回答。"));
	e1_ask();
	lab_be_candidate(r);
	e1_let_ticks_pass(r, 5);
}

LAB_TEST(e1_pre_candidate_counts_every_tick)
{
	struct raft *r = lab_node(2, 3, 3, NULL, 0);

	lab_about(SAY("Node 2 is a pre-candidate in term 3; five ticks pass without an answer.",
		"节点 2 是任期 3 的 pre-candidate；五个 tick 过去，没有回答。"));
	e1_ask();
	r->pre_vote = r->check_quorum = true;
	LAB_AS_REFERENCE(raft_become_pre_candidate(r));
	e1_let_ticks_pass(r, 5);
}

LAB_TEST(e1_new_node_counts_every_tick)
{
	lab_about(SAY(
		"A node that has just been made, in term 0, lets five ticks pass; first one of five "
		"nodes, then one that is alone.",
		"一个刚刚建立、处在任期 0 的节点经过五个 tick；先是五个节点之一，再是单独一个节点。"));
	e1_ask();
	e1_let_ticks_pass(lab_node(5, 5, 0, NULL, 0), 5);
	e1_let_ticks_pass(lab_node(1, 1, 0, NULL, 0), 5);
}

/* Node 9 is no member and may not campaign, so that nothing ends its count. */
LAB_TEST(e1_clock_runs_up_to_the_random_timeout)
{
	struct raft *r = lab_node(9, 3, 3, NULL, 0);

	lab_about(SAY("Node 9 waits for its random timeout of 17 ticks; election_timeout is 10.",
		"节点 9 等待它的随机超时，17 个 tick；election_timeout 是 10。"));
	lab_think(SAY(
		"What compares the clock with its limit, and is it the business of a tick to stop the clock?",
		"是谁拿时钟和界限比较？让时钟停下，是 tick 该做的事吗？"));
	r->randomized_election_timeout = 17;
	e1_let_ticks_pass(r, 17);
	LAB_EXPECT(raft_past_election_timeout(r),
		SAY("after 17 ticks the timeout of node 9, 17 ticks, is over",
			"17 个 tick 之后，节点 9 的超时（17 个 tick）已到"),
		SAY("it is not; election_elapsed is %d", "没有到；election_elapsed 是 %d",
			r->election_elapsed));
}

LAB_TEST(e1_random_timeout_is_not_touched)
{
	struct raft *r = lab_node(1, 3, 3, NULL, 0);
	int drawn = 0;

	lab_about(SAY("Node 1 has drawn a random timeout of 17 ticks; one tick passes.",
		"节点 1 抽到的随机超时是 17 个 tick；一个 tick 过去。"));
	e1_ask();
	r->randomized_election_timeout = 17;
	LAB_DO(r, "raft_tick_election", {
		raft_tick_election(r);
		drawn = r->randomized_election_timeout;
	});
	LAB_EXPECT(drawn == 17,
		SAY("randomized_election_timeout of node 1 is the limit: it stays 17",
			"节点 1 的 randomized_election_timeout 是界限：它仍是 17"),
		SAY("it is %d", "它是 %d", drawn));
}

LAB_TEST(e1_heartbeat_makes_the_count_begin_anew)
{
	struct raft *r = lab_node(1, 3, 3, NULL, 0);

	lab_about(SAY(
		"Three ticks pass at node 1, then a MsgHeartbeat of node 2, its leader, sets the clock "
		"back to 0, then four more ticks pass.",
		"节点 1 经过三个 tick，然后它的 leader 节点 2 的 MsgHeartbeat 让时钟归零，之后又是四个 tick。"));
	lab_think(SAY("Where is it kept how many ticks have passed, and who else writes there?",
		"过了多少个 tick，记在哪里？还有谁会写它？"));
	r->lead = 2;
	e1_let_ticks_pass(r, 3);
	lab_step(r, (struct raft_message){.type = MSG_HEARTBEAT, .from = 2, .to = 1, .term = 3});
	lab_forget_messages(r);
	e1_let_ticks_pass(r, 4);
}

LAB_TEST(e1_election_comes_with_the_tenth_tick)
{
	struct raft *r = lab_node(1, 3, 3, NULL, 0);

	lab_about(SAY(
		"Node 1, in term 3, hears nothing of its leader, node 2. Its timeout is 10 ticks. Then it is "
		"a candidate, and hears nothing again.",
		"节点 1 处在任期 3，收不到它的 leader 节点 2 的消息。它的超时是 10 个 tick。之后它成为 candidate，"
		"又一直没有收到回答。"));
	lab_think(SAY(
		"What stands below the blank, and what has to be true for it to be reached at the right tick?",
		"空的下面是什么？要在正确的 tick 执行到那里，什么必须成立？"));
	r->lead = 2;
	for (int i = 1; i <= 20; i++) {
		raft_term want = 3 + (raft_term)(i / 10);

		lab_tick(r);
		LAB_EXPECT(r->term == want && lab_count(r, MSG_VOTE, 0) == i / 10 * 2,
			SAY("after tick %d node 1 is in term %llu and has sent %d MsgVote: an election every 10 "
			    "ticks",
				"第 %d 个 tick 之后，节点 1 处在任期 %llu，共发送了 %d 条 MsgVote：每 10 个 tick 一次选举",
				i, want, i / 10 * 2),
			SAY("%s; %s", "%s；%s", lab_state_of(r), lab_outbox(r)));
	}
}

LAB_TEST(e1_tick_does_not_choose_how_to_campaign)
{
	struct raft *r = lab_node(1, 3, 3, NULL, 0);

	lab_about(SAY("Node 1, in term 3, hears nothing for 10 ticks, its timeout. Pre-vote is on.",
		"节点 1 处在任期 3，10 个 tick 没有收到消息，这正是它的超时。pre-vote 已启用。"));
	lab_think(SAY("What stands below the blank?", "空的下面是什么？"));
	r->pre_vote = true;
	for (int i = 1; i <= 10; i++)
		lab_tick(r);
	LAB_EXPECT(r->state == RAFT_STATE_PRE_CANDIDATE && r->term == 3 && steps_messages(r) == 2,
		SAY("node 1 is a pre-candidate in term 3 and has asked nodes 2 and 3 once",
			"节点 1 是任期 3 的 pre-candidate，向节点 2 和 3 各请求了一次"),
		SAY("%s; %s", "%s；%s", lab_state_of(r), lab_outbox(r)));
}

/* A learner never campaigns, but it is asked for its vote: it may have been made a
 * voter without knowing it yet. */
LAB_TEST(e1_learner_counts_until_its_leader_is_lost)
{
	struct raft *r = lab_node(4, 3, 3, NULL, 0);

	lab_about(SAY(
		"Node 4 is a learner that follows node 2 in term 3. With check-quorum it ignores whoever asks "
		"for its vote until it has heard nothing of node 2 for 10 ticks.",
		"节点 4 是 learner，在任期 3 跟随节点 2。启用 check-quorum 时，只有在 10 个 tick 里都没有收到节点 2 "
		"的消息之后，它才会理会来要票的节点。"));
	lab_think(SAY(
		"Does a node that never campaigns need a clock?", "从不竞选的节点也需要时钟吗？"));
	steps_add_learner(r, 4);
	r->check_quorum = true;
	r->lead = 2;
	for (int i = 1; i <= 10; i++)
		lab_tick(r);
	lab_step(r, (struct raft_message){.type = MSG_VOTE, .from = 1, .to = 4, .term = 4});
	LAB_EXPECT(lab_count(r, MSG_VOTE_RESP, 1) == 1 && r->vote == 1,
		SAY("after 10 ticks of silence learner 4 votes for node 1 in term 4",
			"沉默 10 个 tick 之后，learner 节点 4 在任期 4 投票给节点 1"),
		SAY("%s; %s; election_elapsed is %d", "%s；%s；election_elapsed 是 %d",
			lab_state_of(r), lab_outbox(r), r->election_elapsed));
}

LAB_TEST(e1_clock_runs_while_a_snapshot_waits_for_the_disk)
{
	struct raft *r = lab_node(2, 3, 3, NULL, 0);
	struct raft_snapshot_metadata metadata = {
		.conf_state = {.voters = {.id = {1, 2, 3}, .len = 3}}, .index = 5, .term = 3};

	lab_about(SAY(
		"Node 2 has got a snapshot from node 1, its leader, and writes it to its slow disk; "
		"meanwhile five ticks pass.",
		"节点 2 从它的 leader 节点 1 得到一份快照，正写入很慢的磁盘；这期间五个 tick 过去。"));
	lab_think(
		SAY("Time passes: who can keep it from passing?", "时间在流逝：谁能让它不流逝？"));
	lab_step(r, (struct raft_message){.type = MSG_SNAP,
			    .from = 1,
			    .to = 2,
			    .term = 3,
			    .snapshot = raft_snapshot_new(&metadata, NULL)});
	lab_forget_messages(r);
	e1_let_ticks_pass(r, 5);
}
