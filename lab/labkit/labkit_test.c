/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kit judges code that is wrong: each test here runs naughty tests of the lab and
 * reads what is reported of them. There is no second text in any blank, so what a
 * student might have done wrong is done here by hand, in the second phase.
 */
#include "lab/labkit/labkit.h"

#include "lab/labkit/departure.h"
#include "lab/labkit/mask.h"
#include "raft/rafttest/runner_kit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the grader's raft.c would say. */
extern const char *const lab_blank_ids[];
extern unsigned long long lab_students_blanks;
const char *const lab_blank_ids[] = {"e1", "e2", "r1", NULL};
unsigned long long lab_students_blanks;

static char report_result[32], report_message[4096], report_notes[8192];

/* Runs one test of the kit, and takes its line of the report apart. */
static void judge(void (*fn)(void))
{
	struct runner_test t = {.name = "naughty", .file = __FILE__, .kit = &lab_kit, .fn = fn};
	struct runner_test *tests[] = {&t};
	struct runner_options o = {.jobs = 1, .report = tmpfile()};
	char line[16384], *at = line;

	EXPECT(o.report != NULL);
	runner_run(tests, 1, &o);
	rewind(o.report);
	EXPECT(fgets(line, sizeof(line), o.report) != NULL);
	EXPECT(fgetc(o.report) == EOF);
	fclose(o.report);
	for (int field = 0; field < 7; field++) {
		size_t n = strcspn(at, "\t\n");

		if (field == 1)
			snprintf(report_result, sizeof(report_result), "%.*s", (int)n, at);
		if (field == 5)
			snprintf(report_message, sizeof(report_message), "%.*s", (int)n, at);
		if (field == 6)
			snprintf(report_notes, sizeof(report_notes), "%.*s", (int)n, at);
		at += n + 1;
	}
}

static void expect_notes(const char *want, void (*fn)(void))
{
	judge(fn);
	EXPECT_STR_EQ(want, report_notes);
}

static bool wrong(void)
{
	return lab_phase() == LAB_STUDENT;
}

/* --- the frame ------------------------------------------------------------------------- */

static int bodies;

static void naughty_twice(void)
{
	lab_about(SAY("Nothing happens (%d).", "什么也没有发生（%d）。", ++bodies));
	lab_think("Why?");
	EXPECT_EQ(wrong() ? 2 : 1, bodies);
}

TEST(labkit_runs_the_body_twice)
{
	expect_notes("about: Nothing happens (2).\\nthink: Why?", naughty_twice);
	EXPECT_STR_EQ("pass", report_result);
}

static void naughty_expectation(void)
{
	lab_about("A\ttest.");
	LAB_EXPECT(!wrong(), SAY("%d", "%d", 1), SAY("%d", "%d", 2));
}

TEST(labkit_tells_a_failure)
{
	expect_notes("about: A\\ttest.", naughty_expectation);
	EXPECT_STR_EQ("fail", report_result);
	EXPECT_STR_EQ("expected: 1\\nseen: 2", report_message);
}

static void naughty_reference(void)
{
	LAB_EXPECT(false, "one", "two");
}

TEST(labkit_blames_the_reference)
{
	judge(naughty_reference);
	EXPECT_STR_EQ("reference", report_result);
	EXPECT_STR_EQ("fail: expected: one\\nseen: two", report_message);
}

static void naughty_chinese(void)
{
	struct raft *r;

	setenv("RAFTLAB_LANG", "zh_CN.UTF-8", 1);
	r = lab_node(1, 3, 4, NULL, 0);
	LAB_DO(r, "raft_x", r->vote = wrong() ? 3 : 0);
	LAB_EXPECT(!wrong(), SAY("a", "甲"), lab_state_of(r));
}

TEST(labkit_speaks_chinese)
{
	expect_notes("departs: raft_x() 被调用，在节点 1\\nreference: 节点 1 还没有投票\\n"
		     "yours: 节点 1 选票投给了节点 3",
		naughty_chinese);
	EXPECT(strstr(report_message, "expected: 甲\\nseen: 节点 1 是 follower，任期 4") != NULL);
}

/* --- departures -------------------------------------------------------------------------- */

static void naughty_term_of_a_vote(void)
{
	struct raft *r = lab_node(3, 3, 4, NULL, 0);
	struct raft_message m = {
		.type = MSG_PRE_VOTE, .from = 2, .to = 3, .term = 5, .log_term = 3, .index = 2};

	lab_step(r, m);
	LAB_DO(r, "raft_send",
		raft_send(r, &(struct raft_message){
				     .type = MSG_PRE_VOTE_RESP, .to = 2, .term = wrong() ? 4 : 5}));
	LAB_EXPECT(!wrong(), "yes", "no");
}

TEST(labkit_shows_messages_that_differ)
{
	expect_notes("departs: raft_send() is called at node 3\\n"
		     "reference: node 3 sends MsgPreVoteResp 3->2 term 5 yes\\n"
		     "yours: node 3 sends MsgPreVoteResp 3->2 term 4 yes",
		naughty_term_of_a_vote);
}

static void naughty_absent_message(void)
{
	struct raft *r = lab_node(1, 3, 4, NULL, 0);

	lab_be_leader(r);
	LAB_DO(r, "raft_bcast_append", wrong() ? (void)0 : raft_bcast_append(r));
	LAB_SENT(r, MSG_APP, 2);
}

TEST(labkit_shows_messages_that_are_absent)
{
	expect_notes("departs: raft_bcast_append() is called at node 1\\n"
		     "reference: node 1 sends MsgApp 1->2 term 4 after 0/0 entries [] commit 0, "
		     "MsgApp 1->3 term 4 after 0/0 entries [] commit 0\\n"
		     "yours: node 1 sends nothing",
		naughty_absent_message);
	EXPECT_STR_EQ(
		"expected: node 1 sends a MsgApp to node 2\\nseen: no message", report_message);
}

static void send_beats(struct raft *r, raft_id first, raft_id second, raft_index first_commit)
{
	raft_send(r,
		&(struct raft_message){.type = MSG_HEARTBEAT, .to = first, .commit = first_commit});
	raft_send(r, &(struct raft_message){.type = MSG_HEARTBEAT, .to = second});
}

static void naughty_order(void)
{
	struct raft *r = lab_node(1, 3, 4, NULL, 0);

	LAB_DO(r, "between receivers", send_beats(r, wrong() ? 3 : 2, wrong() ? 2 : 3, 0));
	lab_expect_no_departure(NULL);
	if (wrong()) {
		LAB_DO(r, "to one", send_beats(r, 2, 2, 1));
	} else {
		LAB_DO(r, "to one", {
			raft_send(r, &(struct raft_message){.type = MSG_HEARTBEAT, .to = 2});
			raft_send(r, &(struct raft_message){
					     .type = MSG_HEARTBEAT, .to = 2, .commit = 1});
		});
	}
	lab_expect_no_departure(NULL);
}

TEST(labkit_knows_which_order_matters)
{
	judge(naughty_order);
	EXPECT_STR_EQ("expected: when to one() is called at node 1, node 1 sends in this order: "
		      "MsgHeartbeat 1->2 term 4 commit 0, MsgHeartbeat 1->2 term 4 commit 1\\n"
		      "seen: node 1 sends in this order: MsgHeartbeat 1->2 term 4 commit 1, "
		      "MsgHeartbeat 1->2 term 4 commit 0",
		report_message);
}

static void naughty_clock(void)
{
	struct raft *r = lab_node(1, 3, 4, NULL, 0);

	lab_tick(r);
	r->election_elapsed -= wrong();
	lab_tick(r);
	lab_expect_no_departure(NULL);
}

TEST(labkit_takes_the_clock_for_no_behaviour)
{
	expect_notes(
		"departs: a tick passes at node 1\\nreference: node 1 has election_elapsed 2\\n"
		"yours: node 1 has election_elapsed 1",
		naughty_clock);
	EXPECT_STR_EQ("pass", report_result);
}

static void naughty_log(void)
{
	static const raft_term log[] = {1, 1, 1, 1, 2, 2, 3};
	struct raft *r = lab_node(1, 3, 4, log, 7);
	struct raft_entry e = {.index = 8, .term = wrong() ? 3 : 4};

	LAB_DO(r, "raft_log_append", raft_log_append(&r->raft_log, &e, 1));
	lab_expect_no_departure(NULL);
}

TEST(labkit_shows_the_end_of_a_log)
{
	expect_notes("departs: raft_log_append() is called at node 1\\n"
		     "reference: node 1 has a log that is [... 3/1 4/1 5/2 6/2 7/3 8/4]\\n"
		     "yours: node 1 has a log that is [... 3/1 4/1 5/2 6/2 7/3 8/3]",
		naughty_log);
}

static void naughty_panic_tried(void)
{
	struct raft *r = lab_node(1, 3, 4, NULL, 0);
	bool survived = LAB_TRY(r, "raft_send",
		wrong() ? raft_panicf(r->logger, "no") : raft_send_timeout_now(r, 2));

	LAB_EXPECT(survived, "a message", runner_panic_message());
}

TEST(labkit_tries_what_may_panic)
{
	expect_notes("departs: raft_send() is called at node 1\\n"
		     "reference: node 1 sends MsgTimeoutNow 1->2 term 4\\n"
		     "yours: node 1 sends nothing",
		naughty_panic_tried);
	EXPECT_STR_EQ("fail", report_result);
	EXPECT_STR_EQ("expected: a message\\nseen: no", report_message);
}

/* --- what is cut off in the middle of an event --------------------------------------------- */

static void (*mischief)(void);

static void naughty_mischief(void)
{
	struct raft *r = lab_node(1, 3, 4, NULL, 0);

	LAB_DO(r, "raft_become_follower", {
		if (wrong())
			mischief();
		else
			raft_become_follower(r, 5, 2);
	});
}

static void expect_mischief(void (*fn)(void), const char *result, const char *yours)
{
	char want[512];

	mischief = fn;
	snprintf(want, sizeof(want),
		"departs: raft_become_follower() is called at node 1\\n"
		"reference: node 1 is a follower in term 5, knows node 2 as the leader\\n"
		"yours: %s",
		yours);
	judge(naughty_mischief);
	EXPECT_STR_EQ(result, report_result);
	EXPECT_STR_EQ(want, report_notes);
}

static volatile int zero;

static void mischief_loop(void)
{
	while (zero == 0)
		;
}

static void mischief_crash(void)
{
	*(volatile int *)(size_t)zero = 1;
}

static void mischief_exit(void)
{
	exit(0);
}

static void mischief_panic(void)
{
	raft_panicf(NULL, "a broken invariant");
}

TEST_TIMEOUT(labkit_says_during_which_event, 20)
{
	expect_mischief(mischief_loop, "timeout", "your code does not come to an end");
	expect_mischief(mischief_exit, "exit", "your code ends the program by exit()");
	expect_mischief(mischief_panic, "panic", "raft stops the program: a broken invariant");
#if !defined(__SANITIZE_ADDRESS__)
	expect_mischief(mischief_crash, "crash", "the program crashes: Segmentation fault");
#else
	(void)mischief_crash;
#endif
}

/* --- the mask -------------------------------------------------------------------------------- */

TEST(labkit_reads_the_mask)
{
	unsigned long long mask;

	unsetenv("RAFTLAB_STUDENT");
	EXPECT(lab_mask_students(&mask));
	EXPECT_EQ(~0ULL, mask);
	setenv("RAFTLAB_STUDENT", "", 1);
	EXPECT(lab_mask_students(&mask));
	EXPECT_EQ(0, mask);
	setenv("RAFTLAB_STUDENT", "r1,e1", 1);
	EXPECT(lab_mask_students(&mask));
	EXPECT_EQ(5, mask);
	setenv("RAFTLAB_STUDENT", "e1,e", 1);
	EXPECT(!lab_mask_students(&mask));
}

static void naughty_mask(void)
{
	struct raft *r = lab_node(1, 3, 4, NULL, 0);
	unsigned long long inside = 1;

	EXPECT_EQ(wrong() ? ~0ULL : 0, lab_students_blanks);
	LAB_AS_REFERENCE(inside = lab_students_blanks);
	EXPECT_EQ(0, inside);
	EXPECT_EQ(wrong() ? ~0ULL : 0, lab_students_blanks);
	LAB_DO(r, "x", lab_students_blanks = 0);
}

TEST(labkit_guards_the_mask)
{
	unsetenv("RAFTLAB_STUDENT");
	judge(naughty_mask);
	EXPECT_STR_EQ("fail", report_result);
	EXPECT(strstr(report_message, "tester's variables") != NULL);
}

/* --- words -------------------------------------------------------------------------------------
 */

TEST(labkit_cuts_texts_between_characters)
{
	struct lab_text t = {0};

	for (int i = 0; i < 1000; i++)
		lab_text_add(&t, "节");
	EXPECT(t.len < sizeof(t.s));
	EXPECT_EQ(0, t.len % 3);
	EXPECT_EQ(t.len, strlen(t.s));
}
