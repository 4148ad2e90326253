/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schedules: random lives of a net. A schedule is all decided by its seed: which
 * nodes tick, which messages are lost or late, who is cut off, who proposes, who
 * crashes. Decisions never look at the nodes' behaviour beyond what both phases had
 * in common so far, and the life ends at the first departure; so the same seed is the
 * same life for every solution, up to the moment where it is wrong.
 *
 *     for (uint64_t seed = 1; seed <= 50; seed++) {
 *             struct lab_schedule s = lab_schedule(seed);
 *
 *             s.n = 3;
 *             lab_schedule_run(&s);
 *     }
 */
#ifndef LAB_SCHEDULE_H
#define LAB_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

struct lab_schedule {
	uint64_t seed;
	int n;      /* nodes, 1..5 */
	int rounds; /* how long it lasts; there are two to three to a tick */
	bool pre_vote, check_quorum;

	/* How often, out of 1000: each message is lost; in each round a node or a
	 * link is cut off or all is mended, an entry is proposed at the leader, or
	 * at any node (a follower forwards it), leadership is handed over, a node
	 * restarts. 0: never. */
	int lose, cut, propose, forward, transfer, restart;
};

/* lab_schedule draws all of these from the seed: a mixed life. */
struct lab_schedule lab_schedule(uint64_t seed);

/* What a life has come to. */
struct lab_schedule_tally {
	int elections; /* terms that had a leader */
	int committed; /* entries */
};

/* lab_schedule_run lives it, and fails the test at the first departure of behaviour
 * from the reference, or if a safety property is violated. */
#define lab_schedule_run(s) lab_schedule_live(__FILE__, __LINE__, (s))
struct lab_schedule_tally lab_schedule_live(
	const char *file, int line, const struct lab_schedule *s);

#endif
