/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of several steps have in common. */
#ifndef LAB_STEPS_COMMON_H
#define LAB_STEPS_COMMON_H

#include "lab/labkit/labkit.h"

/* steps_messages is how many messages of any type wait for other nodes. */
static inline int steps_messages(const struct raft *r)
{
	const struct raft_message *m;
	int n = 0;

	for (size_t i = 0; (m = lab_nth_message(r, i)); i++)
		n += m->to != r->id;
	return n;
}

/* steps_add_learner makes node id a learner: it gets all entries and has no vote. */
static inline void steps_add_learner(struct raft *r, raft_id id)
{
	struct raft_conf_change_single add = {
		.type = RAFT_CONF_CHANGE_ADD_LEARNER_NODE, .node_id = id};
	struct raft_conf_change_v2 change = {.changes = &add, .changes_len = 1};
	struct raft_conf_state cs;

	raft_apply_conf_change(r, &change, &cs);
}

/* steps_change_members brings nodes 1, 2, 3 into the middle of a membership change:
 * node 3 is on its way out, node 7 on its way in, and node 9 is a learner. Until it is
 * over, the quorum is one of 1, 2, 3 and one of 1, 2, 7. */
static inline void steps_change_members(struct raft *r)
{
	struct raft_conf_change_single changes[] = {
		{.type = RAFT_CONF_CHANGE_REMOVE_NODE, .node_id = 3},
		{.type = RAFT_CONF_CHANGE_ADD_NODE, .node_id = 7},
		{.type = RAFT_CONF_CHANGE_ADD_LEARNER_NODE, .node_id = 9},
	};
	struct raft_conf_change_v2 change = {
		.transition = RAFT_CONF_CHANGE_TRANSITION_JOINT_EXPLICIT,
		.changes = changes,
		.changes_len = 3};
	struct raft_conf_state cs;

	raft_apply_conf_change(r, &change, &cs);
}

/* The other members then. */
static const raft_id steps_other_members[] = {2, 3, 7, 9};

#endif
