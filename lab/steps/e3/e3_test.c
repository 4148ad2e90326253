/* SPDX-License-Identifier: Apache-2.0 */
/* Election Step3: what raft_become_candidate() sets. */
#include "lab/steps/common.h"

static void e3_become_candidate(struct raft *r)
{
	LAB_DO(r, "raft_become_candidate", raft_become_candidate(r));
}

/* Node 3 of five followed node 2 in term 3, voted for it, and has votes in mind that
 * belong to an election before. */
static struct raft *e3_candidate(void)
{
	struct raft *r = lab_node(3, 5, 3, NULL, 0);

	r->vote = r->lead = 2;
	r->election_elapsed = 7;
	tracker_record_vote(&r->trk, 1, true);
	tracker_record_vote(&r->trk, 4, true);
	e3_become_candidate(r);
	return r;
}

static void e3_about(void)
{
	lab_about(SAY(
		"Node 3 of five, which followed node 2 in term 3 and voted for it, becomes a candidate.",
		"五个节点中的节点 3 在任期 3 跟随节点 2，并投票给了它；现在它成为 candidate。"));
}

LAB_TEST(e3_candidate_is_in_its_state)
{
	struct raft *r;

	e3_about();
	lab_think(SAY("Which field says what role a node has?", "哪个字段说明节点的角色？"));
	r = e3_candidate();
	LAB_EXPECT(r->state == RAFT_STATE_CANDIDATE,
		SAY("node 3 is a candidate in term 4", "节点 3 是任期 4 的 candidate"),
		lab_state_of(r));
}

LAB_TEST(e3_candidate_enters_the_next_term)
{
	struct raft *r;

	e3_about();
	lab_think(SAY("How many terms does raft_reset() go on by itself?",
		"raft_reset() 自己会把任期推进多少？"));
	r = e3_candidate();
	LAB_EXPECT(r->term == 4,
		SAY("the candidate raises its term by one, from 3 to 4",
			"candidate 把任期加一，从 3 到 4"),
		lab_state_of(r));
}

LAB_TEST(e3_candidate_votes_for_itself)
{
	struct raft *r;

	e3_about();
	lab_think(SAY("What does raft_reset() do to the vote, and when do you set it?",
		"raft_reset() 对已投的票做了什么？你又是在什么时候设置它的？"));
	r = e3_candidate();
	LAB_EXPECT(r->vote == 3,
		SAY("candidate 3 votes for itself in its new term",
			"candidate 节点 3 在新的任期投票给自己"),
		lab_state_of(r));
}

LAB_TEST(e3_candidate_knows_no_leader)
{
	struct raft *r;

	e3_about();
	lab_think(SAY("Who leads a term whose election has only begun?",
		"选举才刚刚开始的任期，由谁领导？"));
	r = e3_candidate();
	LAB_EXPECT(r->lead == RAFT_NONE,
		SAY("in term 4 there is no leader yet", "任期 4 还没有 leader"), lab_state_of(r));
}

LAB_TEST(e3_candidate_starts_its_clock_anew)
{
	struct raft *r;

	e3_about();
	lab_think(SAY(
		"What has raft_reset() to do with the clock?", "raft_reset() 和时钟有什么关系？"));
	r = e3_candidate();
	LAB_EXPECT(r->election_elapsed == 0,
		SAY("the candidate's clock starts anew", "candidate 的时钟重新开始"),
		SAY("election_elapsed is %d", "election_elapsed 是 %d", r->election_elapsed));
}

LAB_TEST(e3_old_votes_do_not_count)
{
	struct raft *r;

	e3_about();
	lab_think(SAY("Which votes count in an election?", "在一次选举里，哪些票算数？"));
	r = e3_candidate();
	lab_step(r,
		(struct raft_message){.type = MSG_VOTE_RESP, .from = 5, .to = 3, .term = r->term});
	LAB_EXPECT(r->state == RAFT_STATE_CANDIDATE,
		SAY("node 5 votes for node 3; votes of nodes 1 and 4 for an earlier election do not count in term 4, "
		    "so node 3 is still a candidate",
			"节点 5 投票给节点 3；节点 1 和 4 在更早的选举里投的票在任期 4 不算，所以节点 3 仍是 candidate"),
		lab_state_of(r));
}

LAB_TEST(e3_becoming_a_candidate_sends_nothing)
{
	struct raft *r;

	e3_about();
	lab_think(
		SAY("Which function sends the requests for votes?", "投票请求是哪个函数发送的？"));
	r = e3_candidate();
	LAB_EXPECT(r->msgs.len + r->msgs_after_append.len == 0,
		SAY("raft_become_candidate() sets what node 3 is; it sends nothing, not even to itself",
			"raft_become_candidate() 只设定节点 3 是什么；它什么也不发送，对自己也不发"),
		lab_outbox(r));
}

LAB_TEST(e3_candidate_has_its_step_function)
{
	struct raft *r;

	e3_about();
	lab_think(SAY("Which function takes in the messages that come to a candidate?",
		"到达 candidate 的消息由哪个函数处理？"));
	r = e3_candidate();
	LAB_EXPECT(r->step == raft_step_candidate,
		SAY("messages to a candidate are taken in by raft_step_candidate()",
			"candidate 收到的消息由 raft_step_candidate() 处理"),
		SAY("r->step is %s", "r->step 是 %s",
			r->step == raft_step_follower ? "raft_step_follower"
			: r->step == raft_step_leader ? "raft_step_leader"
						      : "?"));
}

LAB_TEST(e3_candidate_has_its_tick_function)
{
	struct raft *r = lab_node(3, 5, 3, NULL, 0);

	e3_about();
	lab_think(SAY("What becomes of a candidate that nobody votes for?",
		"没有谁投票的 candidate 会怎样？"));
	r->tick = raft_tick_heartbeat; /* so that one who forgets it is seen */
	e3_become_candidate(r);
	LAB_EXPECT(r->tick == raft_tick_election,
		SAY("a candidate's ticks lead to the next election: r->tick is raft_tick_election",
			"candidate 的 tick 通向下一次选举：r->tick 是 raft_tick_election"),
		SAY("r->tick is %s", "r->tick 是 %s",
			r->tick == raft_tick_heartbeat ? "raft_tick_heartbeat" : "?"));
}

LAB_TEST(e3_every_campaign_has_a_term_of_its_own)
{
	struct raft *r;

	lab_about(SAY("Candidate 3 of term 4 gets no majority, and becomes a candidate again.",
		"任期 4 的 candidate 节点 3 没有得到多数票，再次成为 candidate。"));
	lab_think(
		SAY("Does it matter what the node was before?", "节点之前是什么角色，有关系吗？"));
	r = e3_candidate();
	e3_become_candidate(r);
	LAB_EXPECT(r->term == 5 && r->vote == 3 && r->state == RAFT_STATE_CANDIDATE,
		SAY("it is a candidate in term 5 with its own vote",
			"它是任期 5 的 candidate，有自己的一票"),
		lab_state_of(r));
}

LAB_TEST(e3_pre_candidate_becomes_a_candidate)
{
	struct raft *r = lab_node(1, 3, 3, NULL, 0);

	lab_about(SAY(
		"Node 1 was a pre-candidate in term 3, got the pre-votes of nodes 2 and 3, and becomes a candidate.",
		"节点 1 在任期 3 是 pre-candidate，得到了节点 2 和 3 的 pre-vote，现在成为 candidate。"));
	lab_think(SAY(
		"Has a pre-candidate entered the next term already, and do pre-votes count as votes?",
		"pre-candidate 已经进入下一个任期了吗？pre-vote 算作选票吗？"));
	r->pre_vote = r->check_quorum = true;
	LAB_AS_REFERENCE(raft_become_pre_candidate(r));
	tracker_record_vote(&r->trk, 2, true);
	tracker_record_vote(&r->trk, 3, true);
	e3_become_candidate(r);
	LAB_EXPECT(r->term == 4 && r->vote == 1 && r->lead == RAFT_NONE &&
			   r->state == RAFT_STATE_CANDIDATE,
		SAY("it is a candidate in term 4 with its own vote",
			"它是任期 4 的 candidate，有自己的一票"),
		lab_state_of(r));
	lab_step(r, (struct raft_message){
			    .type = MSG_VOTE_RESP, .from = 2, .to = 1, .term = 4, .reject = true});
	LAB_EXPECT(r->state == RAFT_STATE_CANDIDATE && r->step == raft_step_candidate,
		SAY("node 2 says no in the real election, and nothing is decided",
			"在真正的选举中节点 2 回答“否”，胜负未定"),
		lab_state_of(r));
}

LAB_TEST(e3_node_that_is_alone_votes_for_itself)
{
	struct raft *r = lab_node(1, 1, 0, NULL, 0);

	lab_about(SAY("Node 1, alone in its cluster and just made, becomes a candidate.",
		"节点 1 刚刚建立，是集群里唯一的节点；它成为 candidate。"));
	lab_think(SAY("Does it matter how many nodes there are?", "有几个节点，有关系吗？"));
	e3_become_candidate(r);
	LAB_EXPECT(r->term == 1 && r->vote == 1 && r->state == RAFT_STATE_CANDIDATE,
		SAY("it is a candidate in term 1 with its own vote",
			"它是任期 1 的 candidate，有自己的一票"),
		lab_state_of(r));
}

/* The vote for itself is a promise, and counts once it is on disk: raft_campaign()
 * looks after that. */
LAB_TEST(e3_own_vote_does_not_count_before_it_is_saved)
{
	struct raft *r = lab_node(1, 3, 3, NULL, 0);

	lab_about(SAY(
		"Node 1 becomes a candidate in term 4. Node 2 is quick: its vote comes before node 1 has written "
		"its own to disk.",
		"节点 1 成为任期 4 的 candidate。节点 2 很快：它的票到达时，节点 1 还没有把自己的票写入磁盘。"));
	lab_think(SAY("What if node 1 crashed now, and had forgotten its vote when it came back?",
		"如果节点 1 此刻崩溃，重启之后忘了自己投的票，会怎样？"));
	e3_become_candidate(r);
	lab_step(r,
		(struct raft_message){.type = MSG_VOTE_RESP, .from = 2, .to = 1, .term = r->term});
	LAB_EXPECT(r->state == RAFT_STATE_CANDIDATE,
		SAY("one vote of three is counted, node 2's: node 1 is still a candidate",
			"三票中只计入了一票，即节点 2 的：节点 1 仍是 candidate"),
		lab_state_of(r));
}

LAB_TEST(e3_each_candidacy_draws_a_timeout)
{
	struct raft *r = lab_node(1, 3, 3, NULL, 0);
	int drawn = 0, different = 0;

	lab_about(SAY("Node 1 becomes a candidate twenty times in a row.",
		"节点 1 接连二十次成为 candidate。"));
	lab_think(SAY("What keeps two candidates from colliding again and again?",
		"是什么让两个 candidate 不会一再相撞？"));
	for (int i = 0; i < 20; i++) {
		int before = drawn;

		LAB_DO(r, "raft_become_candidate", {
			raft_become_candidate(r);
			drawn = r->randomized_election_timeout;
		});
		different += i > 0 && drawn != before;
		LAB_EXPECT(drawn >= 10 && drawn < 20 && r->election_timeout == 10,
			SAY("election_timeout stays 10, and randomized_election_timeout is between 10 and 19",
				"election_timeout 仍是 10，randomized_election_timeout 在 10 和 19 之间"),
			SAY("they are %d and %d", "它们是 %d 和 %d", r->election_timeout, drawn));
	}
	LAB_EXPECT(different > 0,
		SAY("randomized_election_timeout is drawn anew for each term",
			"每个任期都重新抽取 randomized_election_timeout"),
		SAY("it was %d each time", "每次都是 %d", drawn));
}
