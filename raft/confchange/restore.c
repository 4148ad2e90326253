/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a ConfState, which says only where a configuration is, back to the
 * changes that could have led there. For example
 *
 *	voters (1 2 3)  learners (5)  voters_outgoing (1 2 4 6)  learners_next (4)
 *
 * is reached by adding 1, 2, 4 and 6 one by one, then entering a joint
 * configuration that removes all four, adds the voters 1, 2 and 3, and adds the
 * learners 5 and 4; as 4 is an outgoing voter, it lands in learners_next.
 */
#include "raft/raft_internal.h"

#include <stdlib.h>

/* All four parts of a ConfState, and the outgoing one twice. */
#define MAX_CHANGES (5 * RAFT_MAX_MEMBERS)

struct changes {
	struct raft_conf_change_single v[MAX_CHANGES];
	size_t len;
};

static void add_all(
	struct changes *ccs, enum raft_conf_change_type type, const struct raft_ids *ids)
{
	for (uint32_t i = 0; i < ids->len; i++) {
		ccs->v[ccs->len++] = (struct raft_conf_change_single){
			.type = type,
			.node_id = ids->id[i],
		};
	}
}

/* The configuration on its way, as a tracker of its own to start changes from. */
struct restoring {
	struct progress_tracker tracker;
	struct confchange_changer c;
};

/* advance makes the result of a change what the next one starts from. Nobody
 * has sent anything to these members, so there are no rings to be freed. */
static void advance(struct restoring *r, const struct confchange_result *result)
{
	free(r->tracker.progress.v);
	r->tracker.config = result->config;
	r->tracker.progress = result->progress;
}

static bool simple_one_by_one(
	struct restoring *r, const struct changes *ccs, struct confchange_error *err)
{
	struct confchange_result result;
	for (size_t i = 0; i < ccs->len; i++) {
		if (!confchange_simple(&r->c, &ccs->v[i], 1, &result, err))
			return false;
		advance(r, &result);
	}
	return true;
}

static bool restore(
	struct restoring *r, const struct raft_conf_state *cs, struct confchange_error *err)
{
	struct changes out = {.len = 0}, in = {.len = 0};
	struct confchange_result result;

	add_all(&out, RAFT_CONF_CHANGE_ADD_NODE, &cs->voters_outgoing);
	add_all(&in, RAFT_CONF_CHANGE_REMOVE_NODE, &cs->voters_outgoing);
	add_all(&in, RAFT_CONF_CHANGE_ADD_NODE, &cs->voters);
	add_all(&in, RAFT_CONF_CHANGE_ADD_LEARNER_NODE, &cs->learners);
	add_all(&in, RAFT_CONF_CHANGE_ADD_LEARNER_NODE, &cs->learners_next);

	if (out.len == 0)
		return simple_one_by_one(r, &in, err);
	if (!simple_one_by_one(r, &out, err) ||
		!confchange_enter_joint(&r->c, cs->auto_leave, in.v, in.len, &result, err))
		return false;
	advance(r, &result);
	return true;
}

bool confchange_restore(const struct confchange_changer *c, const struct raft_conf_state *cs,
	struct confchange_result *result, struct confchange_error *err)
{
	struct restoring r;
	bool ok;

	tracker_init(&r.tracker, c->tracker->max_inflight, c->tracker->max_inflight_bytes);
	r.tracker.config = c->tracker->config;
	r.tracker.progress = progress_map_copy(&c->tracker->progress);
	r.c = (struct confchange_changer){.tracker = &r.tracker, .last_index = c->last_index};

	ok = restore(&r, cs, err);
	if (ok) {
		result->config = r.tracker.config;
		result->progress = r.tracker.progress;
	} else {
		free(r.tracker.progress.v);
	}
	return ok;
}
