/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starting a new cluster. The original: bootstrap.go.
 */
#include "raft/raft_internal.h"

enum raft_error raft_rawnode_bootstrap(
	struct raft_rawnode *rn, const struct raft_peer *peers, size_t len)
{
	struct raft *r = rn->raft;

	if (len == 0)
		return RAFT_ERR_BOOTSTRAP_NO_PEERS;
	if (len > RAFT_MAX_MEMBERS)
		return RAFT_ERR_TOO_MANY_MEMBERS;
	raft_index last;
	enum raft_error err = r->raft_log.storage->ops->last_index(r->raft_log.storage, &last);
	if (err)
		return err;
	if (last != 0)
		return RAFT_ERR_BOOTSTRAP_NOT_EMPTY;

	/* Nothing of this is on disk, so the first Ready must say all of it. */
	rn->prev_hard_st = (struct raft_hard_state){0};

	raft_become_follower(r, 1, RAFT_NONE);
	for (size_t i = 0; i < len; i++) {
		struct raft_message m = raft_conf_change_msg(&(struct raft_conf_change){
			.type = RAFT_CONF_CHANGE_ADD_NODE,
			.node_id = peers[i].id,
			.context = peers[i].context,
			.context_len = peers[i].context_len,
		});
		m.entries.v[0].term = 1;
		m.entries.v[0].index = i + 1;
		raft_log_append(&r->raft_log, m.entries.v, 1);
		raft_message_free(&m);
	}

	/* They count as committed, and take effect here and now, so that the node
	 * can campaign at once. They are not marked as applied: the application
	 * gets to see them as committed entries, and applies them once more, which
	 * changes nothing. The changes come after the appends, so that the members'
	 * progress begins behind them. */
	r->raft_log.committed = len;
	for (size_t i = 0; i < len; i++) {
		struct raft_conf_change_single single = {
			.type = RAFT_CONF_CHANGE_ADD_NODE,
			.node_id = peers[i].id,
		};
		struct raft_conf_change_v2 cc = {.changes = &single, .changes_len = 1};
		struct raft_conf_state cs;
		raft_apply_conf_change(r, &cc, &cs);
	}
	return RAFT_OK;
}
