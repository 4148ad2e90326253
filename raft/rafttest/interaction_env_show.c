/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raft-log, raft-state, status: looking at nodes.
 */
#include "raft/rafttest/interaction_env.h"

bool interaction_node_show_log(struct interaction_env *env, struct interaction_node *n)
{
	struct raft_storage *s = &n->storage.base;
	struct raft_entries ents = {0};
	raft_index first, last;

	if (!interaction_check(env, s->ops->first_index(s, &first)) ||
		!interaction_check(env, s->ops->last_index(s, &last)))
		return false;
	if (last < first) {
		interaction_printf(
			env, "log is empty: first index=%llu, last index=%llu", first, last);
		return true;
	}
	if (!interaction_check(env, s->ops->entries(s, first, last + 1, RAFT_NO_LIMIT, &ents)))
		return false;
	interaction_print(env, raft_describe_entries(ents.v, ents.len, NULL));
	raft_entries_free(&ents);
	return true;
}

/* raft-log 1 */
bool interaction_raft_log(struct interaction_env *env, const struct datadriven_cmd *d)
{
	return interaction_node_show_log(env, interaction_first_node(env, d));
}

static bool is_voter(const struct raft *r)
{
	const struct quorum_joint_config *voters = &r->trk.config.voters;

	return raft_ids_has(&voters->v[0], r->id) || raft_ids_has(&voters->v[1], r->id);
}

/* raft-state: of all nodes, each as it sees itself. */
bool interaction_raft_state(struct interaction_env *env, const struct datadriven_cmd *d)
{
	(void)d;
	for (uint32_t i = 0; i < env->nodes_len; i++) {
		const struct raft *r = env->nodes[i]->rn->raft;

		interaction_printf(env, "%llu: %s %s Term:%llu Lead:%llu\n", r->id,
			raft_state_name(r->state), is_voter(r) ? "(Voter)" : "(Non-Voter)", r->term,
			r->lead);
	}
	return true;
}

/* status 1: what leader 1 knows of the members; nothing if it does not lead. */
bool interaction_status(struct interaction_env *env, const struct datadriven_cmd *d)
{
	const struct raft *r = interaction_first_node(env, d)->rn->raft;
	struct strbuf b = {0};

	if (r->state == RAFT_STATE_LEADER)
		progress_map_string(&r->trk.progress, &b);
	interaction_print(env, strbuf_take(&b));
	return true;
}
