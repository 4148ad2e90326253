/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tracker has no tests of its own in the original, where maps and sorting
 * are the runtime's. Here they are ours.
 */
#include "raft/raft_internal.h"
#include "raft/rafttest/raft_testing.h"

#include <stdlib.h>

static void put(struct progress_tracker *p, raft_id id, raft_index match, bool learner)
{
	struct progress pr = {.id = id, .match = match, .next = match + 1, .is_learner = learner};
	inflights_init(&pr.inflights, 4, 0);
	progress_map_put(&p->progress, &pr);
	raft_ids_add(learner ? &p->config.learners : &p->config.voters.v[0], id);
}

TEST(progress_map_is_sorted)
{
	struct progress_map m = {.len = 0};

	/* 7 i mod 31 goes through all of 1 to 30, in no order. */
	for (raft_id i = 1; i <= 30; i++) {
		struct progress pr = {.id = 7 * i % 31, .match = i};
		progress_map_put(&m, &pr);
		progress_map_put(&m, &pr);
		EXPECT_EQ(i, m.len);
		for (uint32_t j = 0; j + 1 < m.len; j++)
			EXPECT(m.v[j].id < m.v[j + 1].id);
		for (raft_id id = 0; id <= 31; id++) {
			const struct progress *got = progress_map_get(&m, id);
			/* 9 is the inverse of 7, modulo 31. */
			raft_id put_as = 9 * id % 31;
			EXPECT_EQ(put_as >= 1 && put_as <= i, got != NULL);
			if (got)
				EXPECT_EQ(put_as, got->match);
		}
	}
	for (raft_id id = 0; id <= 31; id += 2)
		progress_map_del(&m, id);
	EXPECT_EQ(15, m.len);
	for (raft_id id = 0; id <= 31; id++)
		EXPECT_EQ(id % 2 == 1 && id < 31, progress_map_get(&m, id) != NULL);
	progress_map_free(&m);
}

/* A change that is accepted, or not: no ring is lost, none is freed twice. */
TEST(progress_map_replace_and_discard)
{
	struct progress_tracker p;

	for (int accept = 0; accept < 2; accept++) {
		TEST_CASE("accept %d", accept);
		tracker_init(&p, 4, 0);
		for (raft_id id = 1; id <= 4; id++) {
			put(&p, id, 0, false);
			inflights_add(&tracker_get(&p, id)->inflights, id, 1);
		}
		struct progress_map copy = progress_map_copy(&p.progress);
		progress_map_del(&copy, 1);
		progress_map_put(&copy, &(struct progress){.id = 1, .inflights = {.size = 4}});
		progress_map_del(&copy, 2);
		progress_map_put(&copy, &(struct progress){.id = 5, .inflights = {.size = 4}});
		progress_map_get(&copy, 3)->is_learner = true;
		inflights_add(&progress_map_get(&copy, 5)->inflights, 5, 1);
		if (accept)
			progress_map_replace(&p.progress, &copy);
		else
			progress_map_discard(&copy, &p.progress);
		EXPECT_EQ(NULL, copy.v);
		EXPECT_EQ(accept ? 0 : 1, tracker_get(&p, 1)->inflights.count);
		EXPECT_EQ(accept, tracker_get(&p, 2) == NULL);
		EXPECT_EQ(accept, tracker_get(&p, 3)->is_learner);
		EXPECT_EQ(4, tracker_get(&p, 4)->inflights.buffer[0].index);
		EXPECT_EQ(accept, tracker_get(&p, 5) != NULL);
		tracker_free(&p);
	}
}

TEST(progress_map_string)
{
	struct progress_tracker p;
	struct strbuf b = {0};

	tracker_init(&p, 4, 0);
	put(&p, 2, 7, true);
	put(&p, 1, 0, false);
	progress_map_string(&p.progress, &b);
	EXPECT_STR_EQ("1: StateProbe match=0 next=1 inactive\n"
		      "2: StateProbe match=7 next=8 learner inactive\n",
		b.s);
	strbuf_free(&b);
	tracker_free(&p);
}

TEST(tracker_config_string)
{
	struct tracker_config c = {.voters = {{IDS(1, 2), {.len = 0}}}};
	struct strbuf b = {0};

	tracker_config_string(&c, &b);
	strbuf_putc(&b, '\n');
	c.voters.v[1] = (struct raft_ids)IDS(1, 2, 3);
	c.learners = (struct raft_ids)IDS(4);
	c.learners_next = (struct raft_ids)IDS(3);
	c.auto_leave = true;
	tracker_config_string(&c, &b);
	EXPECT_STR_EQ("voters=(1 2)\n"
		      "voters=(1 2)&&(1 2 3) learners=(4) learners_next=(3) autoleave",
		b.s);
	strbuf_free(&b);
}

/* Walking two sorted lists side by side gives what looking up one by one does. */
TEST(tracker_committed)
{
	struct progress_tracker p;
	unsigned seed = 1;

	for (int i = 0; i < 2000; i++) {
		struct quorum_joint_config *c;
		raft_index want[2] = {QUORUM_INFINITY, QUORUM_INFINITY};

		tracker_init(&p, 4, 0);
		c = &p.config.voters;
		for (raft_id id = 1; id <= 9; id++) {
			if (rand_r(&seed) % 3)
				put(&p, id, (raft_index)rand_r(&seed) % 10, rand_r(&seed) % 4 == 0);
			if (rand_r(&seed) % 3 == 0)
				raft_ids_add(&c->v[1], id);
		}
		for (int half = 0; half < 2; half++) {
			raft_index match[RAFT_MAX_MEMBERS];
			for (uint32_t j = 0; j < c->v[half].len; j++) {
				const struct progress *pr = tracker_get(&p, c->v[half].id[j]);
				match[j] = pr ? pr->match : 0;
			}
			want[half] = quorum_majority_of(match, c->v[half].len);
		}
		EXPECT_EQ(RAFT_MIN(want[0], want[1]), tracker_committed(&p));
		tracker_free(&p);
	}
}

TEST(tracker_quorum_active)
{
	struct progress_tracker p;

	tracker_init(&p, 4, 0);
	for (raft_id id = 1; id <= 5; id++)
		put(&p, id, 0, id > 3);
	EXPECT(!tracker_quorum_active(&p));
	tracker_get(&p, 1)->recent_active = true;
	tracker_get(&p, 4)->recent_active = true;
	tracker_get(&p, 5)->recent_active = true;
	EXPECT(!tracker_quorum_active(&p)); /* learners do not count */
	tracker_get(&p, 3)->recent_active = true;
	EXPECT(tracker_quorum_active(&p));
	p.config.voters.v[1] = (struct raft_ids)IDS(2);
	EXPECT(!tracker_quorum_active(&p));
	tracker_free(&p);
}

TEST(tracker_tally_votes)
{
	struct progress_tracker p;
	int granted, rejected;

	tracker_init(&p, 4, 0);
	for (raft_id id = 1; id <= 4; id++)
		put(&p, id, 0, id == 4);
	EXPECT_EQ(QUORUM_VOTE_PENDING, tracker_tally_votes(&p, &granted, &rejected));
	EXPECT_EQ(0, granted + rejected);

	tracker_record_vote(&p, 1, true);
	tracker_record_vote(&p, 4, true); /* a learner */
	tracker_record_vote(&p, 5, true); /* nobody */
	tracker_record_vote(&p, 2, false);
	tracker_record_vote(&p, 2, true); /* too late */
	EXPECT_EQ(QUORUM_VOTE_PENDING, tracker_tally_votes(&p, &granted, &rejected));
	EXPECT_EQ(1, granted);
	EXPECT_EQ(1, rejected);

	tracker_record_vote(&p, 3, true);
	EXPECT_EQ(QUORUM_VOTE_WON, tracker_tally_votes(&p, &granted, &rejected));
	tracker_reset_votes(&p);
	EXPECT_EQ(QUORUM_VOTE_PENDING, tracker_tally_votes(&p, &granted, &rejected));
	tracker_free(&p);
}

TEST(tracker_nodes_and_conf_state)
{
	struct progress_tracker p;
	struct raft_conf_state cs;
	raft_id ids[2 * RAFT_MAX_MEMBERS];

	tracker_init(&p, 4, 0);
	put(&p, 3, 0, false);
	EXPECT(tracker_is_singleton(&p));
	put(&p, 1, 0, false);
	EXPECT(!tracker_is_singleton(&p));
	put(&p, 9, 0, true);
	p.config.voters.v[1] = (struct raft_ids)IDS(2, 3);
	p.config.learners_next = (struct raft_ids)IDS(2);
	p.config.auto_leave = true;

	EXPECT_EQ(3, tracker_voter_nodes(&p, ids));
	for (size_t i = 0; i < 3; i++)
		EXPECT_EQ(i + 1, ids[i]);
	EXPECT_EQ(1, tracker_learner_nodes(&p, ids));
	EXPECT_EQ(9, ids[0]);

	tracker_conf_state(&p, &cs);
	EXPECT(raft_conf_state_equivalent(&cs, &(struct raft_conf_state){
						       .voters = IDS(1, 3),
						       .learners = IDS(9),
						       .voters_outgoing = IDS(2, 3),
						       .learners_next = IDS(2),
						       .auto_leave = true,
					       }));
	tracker_free(&p);
}

/* Of a joint configuration there are always two halves to ask. */
TEST(tracker_singleton)
{
	struct progress_tracker p;

	tracker_init(&p, 4, 0);
	put(&p, 1, 0, false);
	put(&p, 2, 0, true);
	EXPECT(tracker_is_singleton(&p));
	raft_ids_add(&p.config.voters.v[1], 1);
	EXPECT(!tracker_is_singleton(&p));
	p.config.voters.v[1].len = 0;
	put(&p, 3, 0, false);
	EXPECT(!tracker_is_singleton(&p));
	tracker_free(&p);
}
