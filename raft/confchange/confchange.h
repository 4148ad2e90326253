/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Membership changes, simple and joint (thesis chapter 4), checked before they
 * touch the active configuration. The original: package confchange.
 */
#ifndef RAFT_CONFCHANGE_CONFCHANGE_H
#define RAFT_CONFCHANGE_CONFCHANGE_H

#include "raft/tracker/tracker.h"

/* What a change starts from. Nothing here is written to. */
struct confchange_changer {
	const struct progress_tracker *tracker;
	raft_index last_index; /* where probing a new member begins */
};

/* Room for what went wrong, in the original's words. */
struct confchange_error {
	char text[128];
};

/* The result of a change: a configuration and its members. progress is a copy
 * that shares the inflights of the tracker it was made from: give it to
 * progress_map_replace() or to progress_map_discard(). */
struct confchange_result {
	struct tracker_config config;
	struct progress_map progress;
};

/* confchange_simple makes changes that alter at most one voter in all.
 *
 * Returns: false, *err and no result if that is not so, if no voter would be
 *          left, or if the configuration is joint. */
bool confchange_simple(const struct confchange_changer *c,
	const struct raft_conf_change_single *ccs, size_t len, struct confchange_result *result,
	struct confchange_error *err);

/* confchange_enter_joint goes from (1 2 3) to (the changed set)&&(1 2 3).
 *
 * Returns: false, *err and no result if the configuration is joint already,
 *          has no voters, or would have none. */
bool confchange_enter_joint(const struct confchange_changer *c, bool auto_leave,
	const struct raft_conf_change_single *ccs, size_t len, struct confchange_result *result,
	struct confchange_error *err);

/* confchange_leave_joint drops the outgoing half and turns learners_next into
 * learners.
 *
 * Returns: false, *err and no result if the configuration is not joint. */
bool confchange_leave_joint(const struct confchange_changer *c,
	struct confchange_result *result, struct confchange_error *err);

/* confchange_restore builds the configuration cs from an empty tracker, by a
 * sequence of changes that leads there.
 *
 * Returns: false, *err and no result if cs is not a possible configuration. */
bool confchange_restore(const struct confchange_changer *c, const struct raft_conf_state *cs,
	struct confchange_result *result, struct confchange_error *err);

/* confchange_describe writes "ConfChangeAddNode(1) ConfChangeRemoveNode(2)". */
void confchange_describe(
	const struct raft_conf_change_single *ccs, size_t len, struct strbuf *b);

#endif
