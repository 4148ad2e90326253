/* SPDX-License-Identifier: Apache-2.0 */
/* The original: confchange/quick_test.go. Its scripts are run by the datadriven
 * runner; here are the refusals that no script has. */
#include "raft/raft_internal.h"
#include "raft/rafttest/raft_testing.h"

#include <stdlib.h>
#include <string.h>

static unsigned seed = 1;

static unsigned rand_below(unsigned n)
{
	return (unsigned)rand_r(&seed) % n;
}

struct changes {
	struct raft_conf_change_single v[10];
	size_t len;
};

/* What one way of making changes has led to. */
struct outcome {
	struct progress_tracker trk;
	struct confchange_changer c;
};

static void outcome_init(struct outcome *o)
{
	tracker_init(&o->trk, 10, 0);
	o->c = (struct confchange_changer){.tracker = &o->trk, .last_index = 10};
}

static void accept_result(struct outcome *o, struct confchange_result *result)
{
	o->trk.config = result->config;
	progress_map_replace(&o->trk.progress, &result->progress);
}

/* expect_same compares all that a change can alter. */
static void expect_same(const struct tracker_config *a_cfg, const struct progress_map *a,
	const struct tracker_config *b_cfg, const struct progress_map *b)
{
	struct strbuf sa = {0}, sb = {0};

	tracker_config_string(a_cfg, &sa);
	strbuf_putc(&sa, '\n');
	progress_map_string(a, &sa);
	tracker_config_string(b_cfg, &sb);
	strbuf_putc(&sb, '\n');
	progress_map_string(b, &sb);
	EXPECT_STR_EQ(sa.s, sb.s);
	strbuf_free(&sa);
	strbuf_free(&sb);
}

static void must(bool ok, const struct confchange_error *err)
{
	if (!ok)
		FAIL("%s", err->text);
}

static void run_with_simple(struct outcome *o, const struct changes *ccs)
{
	struct confchange_result result;
	struct confchange_error err;

	for (size_t i = 0; i < ccs->len; i++) {
		must(confchange_simple(&o->c, &ccs->v[i], 1, &result, &err), &err);
		accept_result(o, &result);
	}
}

/* run_with_joint also checks that auto_leave makes no other difference. */
static void run_with_joint(struct outcome *o, const struct changes *ccs)
{
	struct confchange_result result, auto_leave;
	struct confchange_error err;

	must(confchange_enter_joint(&o->c, true, ccs->v, ccs->len, &auto_leave, &err), &err);
	must(confchange_enter_joint(&o->c, false, ccs->v, ccs->len, &result, &err), &err);
	EXPECT(auto_leave.config.auto_leave);
	auto_leave.config.auto_leave = false;
	expect_same(&auto_leave.config, &auto_leave.progress, &result.config, &result.progress);
	progress_map_discard(&auto_leave.progress, &o->trk.progress);
	accept_result(o, &result);

	must(confchange_leave_joint(&o->c, &result, &err), &err);
	o->trk.config.auto_leave = true;
	must(confchange_leave_joint(&o->c, &auto_leave, &err), &err);
	expect_same(&auto_leave.config, &auto_leave.progress, &result.config, &result.progress);
	progress_map_discard(&auto_leave.progress, &o->trk.progress);
	accept_result(o, &result);
}

static void add_change(struct changes *ccs, enum raft_conf_change_type type, raft_id id)
{
	ccs->v[ccs->len++] = (struct raft_conf_change_single){.type = type, .node_id = id};
}

/* Whether changes are made one by one or all at once in a joint configuration,
 * the result is the same. Node 1 is always a voter and never touched, so that
 * no change is refused because nobody would be left. */
TEST(conf_change_quick)
{
	for (int round = 0; round < 1000; round++) {
		struct changes setup = {.len = 0}, ccs = {.len = 0};
		struct outcome simple, joint;
		struct strbuf b = {0};

		add_change(&setup, RAFT_CONF_CHANGE_ADD_NODE, 1);
		for (unsigned n = 1 + rand_below(5); n > 0; n--)
			add_change(&setup, RAFT_CONF_CHANGE_ADD_NODE, 1 + rand_below(5));
		for (unsigned n = 1 + rand_below(9); n > 0; n--)
			add_change(
				&ccs, (enum raft_conf_change_type)rand_below(4), 2 + rand_below(9));
		confchange_describe(setup.v, setup.len, &b);
		strbuf_puts(&b, " / ");
		confchange_describe(ccs.v, ccs.len, &b);
		TEST_CASE("%s", b.s);
		strbuf_free(&b);

		outcome_init(&simple);
		outcome_init(&joint);
		run_with_simple(&simple, &setup);
		run_with_simple(&simple, &ccs);
		run_with_simple(&joint, &setup);
		run_with_joint(&joint, &ccs);
		expect_same(&simple.trk.config, &simple.trk.progress, &joint.trk.config,
			&joint.trk.progress);
		tracker_free(&simple.trk);
		tracker_free(&joint.trk);
	}
}

/* ---- What is refused, and why ------------------------------------------- */

enum how { SIMPLE, ENTER, LEAVE };

static bool change(struct outcome *o, enum how how, const struct changes *ccs,
	struct confchange_result *result, struct confchange_error *err)
{
	switch (how) {
	case SIMPLE:
		return confchange_simple(&o->c, ccs->v, ccs->len, result, err);
	case ENTER:
		return confchange_enter_joint(&o->c, false, ccs->v, ccs->len, result, err);
	default:
		return confchange_leave_joint(&o->c, result, err);
	}
}

#define ADD(id)                                                                                    \
	{                                                                                          \
		RAFT_CONF_CHANGE_ADD_NODE, id                                                      \
	}
#define REMOVE(id)                                                                                 \
	{                                                                                          \
		RAFT_CONF_CHANGE_REMOVE_NODE, id                                                   \
	}
#define LEARNER(id)                                                                                \
	{                                                                                          \
		RAFT_CONF_CHANGE_ADD_LEARNER_NODE, id                                              \
	}

TEST(conf_change_refused)
{
	static const struct {
		struct raft_conf_state from;
		enum how how;
		struct changes ccs;
		const char *want;
	} tests[] = {
		{{.voters = IDS(1)}, SIMPLE, {{REMOVE(1)}, 1}, "removed all voters"},
		{{.voters = IDS(1)}, SIMPLE, {{LEARNER(1)}, 1}, "removed all voters"},
		{{.voters = IDS(1)}, ENTER, {{REMOVE(1)}, 1}, "removed all voters"},
		{{.voters = IDS(1)}, SIMPLE, {{ADD(2), ADD(3)}, 2},
			"more than one voter changed without entering joint config"},
		{{.voters = IDS(1)}, SIMPLE, {{ADD(2), REMOVE(1)}, 2},
			"more than one voter changed without entering joint config"},
		{{.voters = IDS(1), .voters_outgoing = IDS(2)}, SIMPLE, {{ADD(3)}, 1},
			"can't apply simple config change in joint config"},
		{{.voters = IDS(1), .voters_outgoing = IDS(2)}, ENTER, {{ADD(3)}, 1},
			"config is already joint"},
		{{.auto_leave = false}, ENTER, {{ADD(3)}, 1},
			"can't make a zero-voter config joint"},
		{{.voters = IDS(1)}, LEAVE, {.len = 0}, "can't leave a non-joint config"},
		{{.voters = IDS(1)}, SIMPLE, {{{(enum raft_conf_change_type)17, 1}}, 1},
			"unexpected conf type 17"},
	};
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu: %s", i, tests[i].want);
		struct outcome o;
		struct confchange_result result;
		struct confchange_error err = {""};
		outcome_init(&o);
		must(confchange_restore(&o.c, &tests[i].from, &result, &err), &err);
		accept_result(&o, &result);
		EXPECT(!change(&o, tests[i].how, &tests[i].ccs, &result, &err));
		EXPECT_STR_EQ(tests[i].want, err.text);
		tracker_free(&o.trk);
	}
}

/* A tracker whose parts contradict each other is never worked on. */
TEST(conf_change_invariants)
{
	static const struct {
		struct tracker_config config;
		struct progress members[2];
		const char *want;
	} tests[] = {
		{{.voters = {{IDS(1)}}}, {{.id = 2}}, "no progress for 1"},
		{{.voters = {{IDS(1)}}, .learners = IDS(3)}, {{.id = 1}}, "no progress for 3"},
		{{.voters = {{IDS(1)}}, .learners_next = IDS(2)}, {{.id = 1}, {.id = 2}},
			"2 is in LearnersNext, but not Voters[1]"},
		{{.voters = {{IDS(1), IDS(2)}}, .learners_next = IDS(2)},
			{{.id = 1}, {.id = 2, .is_learner = true}},
			"2 is in LearnersNext, but is already marked as learner"},
		{{.voters = {{IDS(1), IDS(2)}}, .learners = IDS(2)}, {{.id = 1}, {.id = 2}},
			"2 is in Learners and Voters[1]"},
		{{.voters = {{IDS(1)}}, .learners = IDS(1)}, {{.id = 1}},
			"1 is in Learners and Voters[0]"},
		{{.voters = {{IDS(1)}}, .learners = IDS(2)}, {{.id = 1}, {.id = 2}},
			"2 is in Learners, but is not marked as learner"},
		{{.voters = {{IDS(1)}}, .auto_leave = true}, {{.id = 1}},
			"AutoLeave must be false when not joint"},
	};
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu: %s", i, tests[i].want);
		struct outcome o;
		struct confchange_result result;
		struct confchange_error err = {""};
		outcome_init(&o);
		o.trk.config = tests[i].config;
		for (int j = 0; j < 2 && tests[i].members[j].id; j++)
			progress_map_put(&o.trk.progress, &tests[i].members[j]);
		EXPECT(!confchange_simple(&o.c, NULL, 0, &result, &err));
		EXPECT_STR_EQ(tests[i].want, err.text);
		tracker_free(&o.trk);
	}
}

/* One member more than there is room for is an invalid change like any other. */
TEST(conf_change_too_many_members)
{
	struct raft_conf_state cs = {.auto_leave = false};
	struct confchange_result result;
	struct confchange_error err;
	struct outcome o;

	for (raft_id id = 1; id <= RAFT_MAX_MEMBERS; id++) {
		raft_ids_add(&cs.voters, id);
		raft_ids_add(&cs.learners, 100 + id);
	}
	outcome_init(&o);
	must(confchange_restore(&o.c, &cs, &result, &err), &err);
	accept_result(&o, &result);

	static const struct changes tests[] = {
		{{ADD(99)}, 1},
		{{LEARNER(99)}, 1},
		{{ADD(101)}, 1},
		{{LEARNER(1)}, 1},
	};
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		for (enum how how = SIMPLE; how <= ENTER; how++) {
			err.text[0] = '\0';
			EXPECT(!change(&o, how, &tests[i], &result, &err));
			EXPECT_STR_EQ("more members than RAFT_MAX_MEMBERS", err.text);
		}
	}
	/* an exchange is possible */
	must(change(&o, ENTER, &(struct changes){{REMOVE(1), ADD(99)}, 2}, &result, &err), &err);
	progress_map_discard(&result.progress, &o.trk.progress);
	tracker_free(&o.trk);
}

/* What is under way to a member survives a change, but not its removal. */
TEST(conf_change_keeps_inflights)
{
	struct raft_conf_state cs = {.voters = IDS(1, 2, 3)};
	struct changes demote = {{LEARNER(2), REMOVE(3), ADD(3)}, 3};
	struct confchange_result result;
	struct confchange_error err;
	struct outcome o;

	outcome_init(&o);
	must(confchange_restore(&o.c, &cs, &result, &err), &err);
	accept_result(&o, &result);
	for (raft_id id = 1; id <= 3; id++)
		inflights_add(&tracker_get(&o.trk, id)->inflights, 5, 1);

	must(confchange_enter_joint(&o.c, false, demote.v, demote.len, &result, &err), &err);
	accept_result(&o, &result);
	EXPECT(!tracker_get(&o.trk, 2)->is_learner);
	must(confchange_leave_joint(&o.c, &result, &err), &err);
	accept_result(&o, &result);
	EXPECT(tracker_get(&o.trk, 2)->is_learner);
	for (raft_id id = 1; id <= 3; id++)
		EXPECT_EQ(1, tracker_get(&o.trk, id)->inflights.count);

	must(confchange_simple(&o.c, &(struct raft_conf_change_single)REMOVE(3), 1, &result, &err),
		&err);
	accept_result(&o, &result);
	must(confchange_simple(&o.c, &(struct raft_conf_change_single)ADD(3), 1, &result, &err),
		&err);
	accept_result(&o, &result);
	EXPECT_EQ(0, tracker_get(&o.trk, 3)->inflights.count);
	EXPECT_EQ(10, tracker_get(&o.trk, 3)->next);
	tracker_free(&o.trk);
}

TEST(conf_change_describe)
{
	static const struct raft_conf_change_single ccs[] = {
		ADD(1),
		REMOVE(2),
		{RAFT_CONF_CHANGE_UPDATE_NODE, 3},
		LEARNER(4),
	};
	struct strbuf b = {0};

	confchange_describe(ccs, ARRAY_LEN(ccs), &b);
	EXPECT_STR_EQ("ConfChangeAddNode(1) ConfChangeRemoveNode(2) ConfChangeUpdateNode(3) "
		      "ConfChangeAddLearnerNode(4)",
		b.s);
	strbuf_free(&b);
}
