/* SPDX-License-Identifier: Apache-2.0 */
/* Random lives of clusters, for the tests of both parts of the lab. */
#ifndef LAB_CLUSTER_LIVES_H
#define LAB_CLUSTER_LIVES_H

#include "lab/labkit/labkit.h"

/* cluster_lives lives the schedules of the seeds first..last: ticks, messages, late ones,
 * transfers; if not calm, also lost messages, partitions, restarts; with or without
 * proposals. Each is lived by the reference first, and then by the student's nodes. */
static inline void cluster_lives(uint64_t first, uint64_t last, bool calm, bool proposals)
{
	lab_think(SAY(
		"What has this node to do at this moment, according to the figure that the step refers to?",
		"按照该步骤提到的那张图，这个节点此刻该做什么？"));
	for (uint64_t seed = first; seed <= last; seed++) {
		struct lab_schedule s = lab_schedule(seed);

		if (!proposals)
			s.propose = s.forward = 0;
		if (calm)
			s.lose = s.cut = s.restart = 0;
		lab_about(SAY(
			"Random life %llu of %d nodes (pre-vote %s, check-quorum %s). The reference has lived it, and now your nodes do; "
			"from the moment told below on they behave differently from the reference.",
			"%2$d 个节点的第 %1$llu 次随机运行（pre-vote %3$s，check-quorum %4$s）。参考实现先走了一遍，现在轮到你的节点；"
			"从下面说的那一刻起，它们的行为与参考实现不同。",
			(unsigned long long)seed, s.n,
			s.pre_vote ? lab_pick("on", "启用") : lab_pick("off", "未启用"),
			s.check_quorum ? lab_pick("on", "启用") : lab_pick("off", "未启用")));
		lab_schedule_run(&s);
	}
}

/* RANDOM_LIVES is a test of the part of the lab. Six lives in a test, lest one that prints a
 * lot be taken for one without end. */
#define RANDOM_LIVES(part, first, last, calm, proposals)                                           \
	LAB_TEST(part##_random_lives_##first##_to_##last##_follow_the_reference)                   \
	{                                                                                          \
		cluster_lives(first, last, calm, proposals);                                       \
	}

#endif
