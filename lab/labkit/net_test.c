/* SPDX-License-Identifier: Apache-2.0 */
/* Nets and schedules: they live the same life twice, and notice what must not be. */
#include "lab/labkit/labkit.h"

#include "lab/labkit/departure.h"
#include "raft/rafttest/runner_kit.h"

#include <string.h>

static char result[32], message[4096];

static void judge(void (*fn)(void))
{
	struct runner_test t = {.name = "net", .file = __FILE__, .kit = &lab_kit, .fn = fn};
	struct runner_test *tests[] = {&t};
	struct runner_options o = {.jobs = 1, .report = tmpfile()};
	char line[16384];

	EXPECT(o.report != NULL);
	runner_run(tests, 1, &o);
	rewind(o.report);
	EXPECT(fgets(line, sizeof(line), o.report) != NULL);
	fclose(o.report);
	message[0] = '\0';
	EXPECT(sscanf(line, "net\t%31[^\t]\t%*[^\t]\t%*[^\t]\t%*[^\t]\t%4095[^\t\n]", result,
		       message) >= 1);
}

static void expect_pass(void (*fn)(void))
{
	judge(fn);
	EXPECT_STR_EQ("", message);
	EXPECT_STR_EQ("pass", result);
}

static void expect_fail(const char *words, void (*fn)(void))
{
	judge(fn);
	EXPECT_STR_EQ("fail", result);
	if (!strstr(message, words))
		FAIL("expected \"%s\" in \"%s\"", words, message);
}

static bool wrong(void)
{
	return lab_phase() == LAB_STUDENT;
}

static void net_life(void)
{
	struct lab_net *net = lab_net_make((struct lab_net_options){.n = 3, .check_quorum = true});
	raft_id lead = lab_net_elect(net), other = lead % 3 + 1;

	lab_net_propose(net, lead, 'a');
	lab_net_propose(net, other, 'b');
	lab_net_restart(net, lead);
	lead = lab_net_elect(net);
	lab_net_transfer(net, lead, lead % 3 + 1);
	EXPECT_EQ(lead % 3 + 1, lab_net_leader(net));
	lab_net_campaign(net, lead);
	lead = lab_net_elect(net);
	lab_net_propose(net, lead, 'c');
	for (raft_id id = 1; id <= 3; id++)
		EXPECT_STR_EQ("abc", net->applied[id]);
	lab_expect_no_departure(net);
	lab_net_free(net);
}

TEST(net_lives)
{
	expect_pass(net_life);
}

/* Randomness is not behaviour: the net gives nodes their timeouts. */
static void net_draws_more(void)
{
	struct lab_net *net = lab_net_new(3, false);

	for (int i = 0; i < 300; i++) {
		if (wrong())
			raft_reset_randomized_election_timeout(lab_net_raft(net, 1));
		net->cut[1 + i / 50 % 3] = i % 50 < 25;
		lab_net_tick(net);
	}
	EXPECT(lab_net_raft(net, 2)->term > 2);
	lab_expect_no_departure(net);
}

TEST(net_makes_draws_not_matter)
{
	expect_pass(net_draws_more);
}

static void net_two_leaders(void)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id lead = lab_net_elect(net);

	if (wrong()) {
		struct raft *r = lab_net_raft(net, lead % 3 + 1);

		r->state = RAFT_STATE_LEADER;
	}
	lab_net_check(net);
}

TEST(net_sees_two_leaders)
{
	expect_fail("term 1 has one leader at most", net_two_leaders);
}

static void net_other_entry(void)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id lead = lab_net_elect(net), other = lead % 3 + 1;

	net->link_down[lead][other] = true;
	lab_net_propose(net, lead, 'a');
	if (wrong()) {
		struct raft *r = lab_net_raft(net, other);
		struct raft_entries ents = {0};

		lab_push_letter(&ents, 'b');
		ents.v[0].index = raft_log_last_index(&r->raft_log) + 1;
		ents.v[0].term = r->term;
		raft_log_append(&r->raft_log, ents.v, 1);
		raft_log_commit_to(&r->raft_log, ents.v[0].index);
		lab_net_run(net);
	}
	lab_net_check(net);
}

TEST(net_sees_different_entries_applied)
{
	expect_fail("all nodes apply the same entry at index 2", net_other_entry);
}

static void net_incomplete_leader(void)
{
	struct lab_net *net = lab_net_new(3, false);
	raft_id lead = lab_net_elect(net), other = lead % 3 + 1;

	net->link_down[lead][other] = true;
	lab_net_propose(net, lead, 'a');
	if (wrong()) {
		struct raft *r = lab_net_raft(net, other);

		r->term = 9;
		r->state = RAFT_STATE_LEADER;
	}
	lab_net_check(net);
}

TEST(net_sees_a_leader_that_lacks_entries)
{
	expect_fail("has every entry that was committed", net_incomplete_leader);
}

static void net_no_leader(void)
{
	struct lab_net *net = lab_net_new(3, false);

	net->cut[1] = net->cut[2] = wrong();
	lab_net_elect(net);
}

TEST(net_does_not_wait_for_ever)
{
	expect_fail("within 200 ticks", net_no_leader);
}

static void schedule_lives(void)
{
	for (uint64_t seed = 1; seed <= 100; seed++) {
		struct lab_schedule s = lab_schedule(seed);

		lab_schedule_run(&s);
	}
}

TEST(schedule_is_the_same_life_twice)
{
	expect_pass(schedule_lives);
}

static void schedule_other_life(void)
{
	struct lab_schedule s = lab_schedule(7);

	s.n = 3;
	s.lose = wrong() ? 900 : 0;
	lab_schedule_run(&s);
}

TEST(schedule_notices_another_life)
{
	expect_fail("expected: when ", schedule_other_life);
}

/* A schedule that never elects, commits or restarts tests nothing. */
static void schedule_is_a_full_life(void)
{
	int leaders = 0, committed = 0;

	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct lab_schedule s = lab_schedule(seed);
		struct lab_schedule_tally tally = lab_schedule_run(&s);

		leaders += tally.elections;
		committed += tally.committed;
	}
	EXPECT(leaders > 60);
	EXPECT(committed > 400);
}

TEST(schedule_elects_and_commits)
{
	expect_pass(schedule_is_a_full_life);
}
