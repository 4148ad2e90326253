/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Membership changes as scripts write them: "v1 l2 r3 u4" makes 1 a voter and 2
 * a learner, removes 3 and updates 4. The original: ConfChangesFromString.
 */
#ifndef RAFTTEST_CONF_CHANGES_H
#define RAFTTEST_CONF_CHANGES_H

#include "raft/raft.h"
#include "raft/strbuf.h"

struct conf_changes {
	struct raft_conf_change_single *v;
	uint32_t len, cap;
};

/* conf_changes_parse reads s into *ccs, which is empty.
 *
 * Ownership: the caller frees ccs->v, also on error.
 * Returns:   false and, in *err, what the original says. */
bool conf_changes_parse(const char *s, struct conf_changes *ccs, struct strbuf *err);

#endif
