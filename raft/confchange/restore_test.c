/* SPDX-License-Identifier: Apache-2.0 */
/* The original: confchange/restore_test.go. */
#include "raft/raft_internal.h"
#include "raft/rafttest/raft_testing.h"

#include <stdlib.h>

static unsigned seed = 1;

static unsigned rand_below(unsigned n)
{
	return (unsigned)rand_r(&seed) % n;
}

/* take moves n ids from the end of a shuffled list into a set. */
static void take(raft_id *ids, unsigned *len, unsigned n, struct raft_ids *s)
{
	while (n-- > 0)
		raft_ids_add(s, ids[--*len]);
}

/* random_conf_state makes any possible configuration but the empty one. */
static struct raft_conf_state random_conf_state(void)
{
	struct raft_conf_state cs = {.auto_leave = false};
	unsigned voters = 1 + rand_below(5), learners = rand_below(5);
	/* in the outgoing half and not in the incoming one */
	unsigned removed = rand_below(3), retained = rand_below(voters + 1);
	unsigned len = 2 * (voters + learners + removed);
	raft_id ids[2 * (5 + 4 + 2)];

	for (unsigned i = 0; i < len; i++) {
		unsigned j = rand_below(i + 1);
		ids[i] = ids[j];
		ids[j] = i + 1;
	}
	take(ids, &len, voters, &cs.voters);
	take(ids, &len, learners, &cs.learners);
	for (unsigned i = 0; i < retained; i++)
		raft_ids_add(&cs.voters_outgoing, cs.voters.id[i]);
	for (unsigned i = 0; i < removed; i++) {
		raft_ids_add(&cs.voters_outgoing, ids[--len]);
		/* of these, some are demoted to learners */
		if (rand_below(2))
			raft_ids_add(&cs.learners_next, ids[len]);
	}
	cs.auto_leave = cs.voters_outgoing.len > 0 && rand_below(2);
	return cs;
}

static bool restores(const struct raft_conf_state *cs)
{
	struct progress_tracker trk;
	struct confchange_changer c = {.tracker = &trk, .last_index = 10};
	struct confchange_result result;
	struct confchange_error err;
	struct raft_conf_state got;

	tracker_init(&trk, 20, 0);
	if (!confchange_restore(&c, cs, &result, &err)) {
		fprintf(stderr, "restore: %s\n", err.text);
		return false;
	}
	trk.config = result.config;
	progress_map_replace(&trk.progress, &result.progress);
	tracker_conf_state(&trk, &got);
	tracker_free(&trk);
	return raft_conf_state_equivalent(&got, cs) && raft_conf_state_equivalent(cs, &got);
}

TEST(confchange_restore)
{
	static const struct raft_conf_state tests[] = {
		{.auto_leave = false},
		{.voters = IDS(1, 2, 3)},
		{.voters = IDS(1, 2, 3), .learners = IDS(4, 5, 6)},
		{.voters = IDS(1, 2, 3),
			.learners = IDS(5),
			.voters_outgoing = IDS(1, 2, 4, 6),
			.learners_next = IDS(4)},
	};
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		EXPECT(restores(&tests[i]));
	}
	for (int i = 0; i < 1000; i++) {
		struct raft_conf_state cs = random_conf_state();
		EXPECT(restores(&cs));
	}
}

/* Not the original's: a ConfState comes from a snapshot, so from outside. What
 * is no configuration is refused with a reason. */
TEST(confchange_restore_impossible)
{
	static const struct {
		struct raft_conf_state cs;
		const char *want;
	} tests[] = {
		{{.learners = IDS(1)}, "removed all voters"},
		{{.voters_outgoing = IDS(1)}, "removed all voters"},
		{{.voters_outgoing = IDS(1), .learners_next = IDS(1)}, "removed all voters"},
	};
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct progress_tracker trk;
		struct confchange_changer c = {.tracker = &trk};
		struct confchange_result result;
		struct confchange_error err = {""};
		tracker_init(&trk, 20, 0);
		EXPECT(!confchange_restore(&c, &tests[i].cs, &result, &err));
		EXPECT_STR_EQ(tests[i].want, err.text);
	}
}

/* The largest configuration of all. */
TEST(confchange_restore_largest)
{
	struct raft_conf_state cs = {.auto_leave = true};

	for (raft_id id = 1; id <= RAFT_MAX_MEMBERS; id++) {
		raft_ids_add(&cs.voters, id);
		raft_ids_add(&cs.voters_outgoing, 100 + id);
		raft_ids_add(
			id % 2 ? &cs.learners_next : &cs.learners, id % 2 ? 100 + id : 200 + id);
	}
	EXPECT(restores(&cs));
}
