/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Membership changes as values: their two forms, what they ask for, and how
 * they become proposals. How they alter a configuration is in confchange/. The
 * original: raftpb/confchange.go and confstate.go.
 */
#include "raft/raft_internal.h"
#include "raft/raftpb/raftpb.h"

#include <stdlib.h>
#include <string.h>

void raft_conf_change_as_v2(const struct raft_conf_change *cc,
	struct raft_conf_change_single *single, struct raft_conf_change_v2 *v2)
{
	*single = (struct raft_conf_change_single){.type = cc->type, .node_id = cc->node_id};
	*v2 = (struct raft_conf_change_v2){
		.changes = single,
		.changes_len = 1,
		.context = cc->context,
		.context_len = cc->context_len,
	};
}

bool raft_conf_change_v2_enter_joint(const struct raft_conf_change_v2 *cc, bool *auto_leave)
{
	/* Some pairs of changes could be made the simple way, depending on the
	 * configuration they meet. It is not worth telling them apart. */
	*auto_leave = false;
	if (cc->transition == RAFT_CONF_CHANGE_TRANSITION_AUTO && cc->changes_len <= 1)
		return false;
	*auto_leave = cc->transition != RAFT_CONF_CHANGE_TRANSITION_JOINT_EXPLICIT;
	return true;
}

bool raft_conf_change_v2_leave_joint(const struct raft_conf_change_v2 *cc)
{
	return cc->transition == RAFT_CONF_CHANGE_TRANSITION_AUTO && cc->changes_len == 0;
}

/* conf_change_prop makes the MsgProp of an encoded change, whose buffer it takes
 * over; NULL is the empty change. */
static struct raft_message conf_change_prop(enum raft_entry_type type, struct raft_buf *buf)
{
	struct raft_message m = {.type = MSG_PROP};
	struct raft_entry e = {
		.type = type,
		.buf = buf,
		.data = buf ? buf->data : NULL,
		.len = buf ? buf->len : 0,
	};
	raft_entries_push(&m.entries, &e);
	raft_buf_unref(buf); /* the entry has its own reference now */
	return m;
}

struct raft_message raft_conf_change_msg(const struct raft_conf_change *cc)
{
	struct raft_buf *buf = raft_buf_new(raftpb_conf_change_size(cc));
	raftpb_conf_change_encode(cc, buf->data);
	return conf_change_prop(RAFT_ENTRY_CONF_CHANGE, buf);
}

struct raft_message raft_conf_change_v2_msg(const struct raft_conf_change_v2 *cc)
{
	/* No data at all decodes as the empty change, and has the merit that no
	 * size limit can refuse it. */
	struct raft_buf *buf = NULL;
	if (cc) {
		buf = raft_buf_new(raftpb_conf_change_v2_size(cc));
		raftpb_conf_change_v2_encode(cc, buf->data);
	}
	return conf_change_prop(RAFT_ENTRY_CONF_CHANGE_V2, buf);
}

static int compare_ids(const void *a, const void *b)
{
	raft_id x = *(const raft_id *)a, y = *(const raft_id *)b;
	return (x > y) - (x < y);
}

/* ids_equivalent compares as sets; cs may come from a disk, unsorted. */
static bool ids_equivalent(const struct raft_ids *a, const struct raft_ids *b)
{
	if (a->len != b->len)
		return false;
	struct raft_ids x = *a, y = *b;
	qsort(x.id, x.len, sizeof(x.id[0]), compare_ids);
	qsort(y.id, y.len, sizeof(y.id[0]), compare_ids);
	return memcmp(x.id, y.id, x.len * sizeof(x.id[0])) == 0;
}

bool raft_conf_state_equivalent(const struct raft_conf_state *a, const struct raft_conf_state *b)
{
	return ids_equivalent(&a->voters, &b->voters) &&
	       ids_equivalent(&a->learners, &b->learners) &&
	       ids_equivalent(&a->voters_outgoing, &b->voters_outgoing) &&
	       ids_equivalent(&a->learners_next, &b->learners_next) &&
	       a->auto_leave == b->auto_leave;
}
