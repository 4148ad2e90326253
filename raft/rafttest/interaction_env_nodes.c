/* SPDX-License-Identifier: Apache-2.0 */
/*
 * add-nodes: nodes of the interaction environment and the storage they see.
 */
#include "raft/rafttest/interaction_env.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- Storage -------------------------------------------------------------------- */

static struct interaction_storage *storage_of(struct raft_storage *s)
{
	return (struct interaction_storage *)s;
}

static struct raft_storage *memory(struct raft_storage *s)
{
	return raft_memory_storage_base(storage_of(s)->ms);
}

static enum raft_error storage_initial_state(
	struct raft_storage *s, struct raft_hard_state *hs, struct raft_conf_state *cs)
{
	return memory(s)->ops->initial_state(memory(s), hs, cs);
}

static enum raft_error storage_entries(struct raft_storage *s, raft_index lo, raft_index hi,
	uint64_t max_size, struct raft_entries *ents)
{
	return memory(s)->ops->entries(memory(s), lo, hi, max_size, ents);
}

static enum raft_error storage_term(struct raft_storage *s, raft_index i, raft_term *term)
{
	return memory(s)->ops->term(memory(s), i, term);
}

static enum raft_error storage_last_index(struct raft_storage *s, raft_index *index)
{
	return memory(s)->ops->last_index(memory(s), index);
}

static enum raft_error storage_first_index(struct raft_storage *s, raft_index *index)
{
	return memory(s)->ops->first_index(memory(s), index);
}

/* MemoryStorage would give the snapshot that it was made from. */
static enum raft_error storage_snapshot(struct raft_storage *s, struct raft_snapshot **snap)
{
	*snap = raft_snapshot_ref(storage_of(s)->newest);
	return RAFT_OK;
}

static const struct raft_storage_ops storage_ops = {
	.initial_state = storage_initial_state,
	.entries = storage_entries,
	.term = storage_term,
	.last_index = storage_last_index,
	.first_index = storage_first_index,
	.snapshot = storage_snapshot,
};

/* ---- Nodes ------------------------------------------------------------------------ */

void interaction_node_free(struct interaction_node *n)
{
	raft_rawnode_free(n->rn);
	raft_messages_free(&n->append_work);
	raft_messages_free(&n->apply_work);
	raft_memory_storage_free(n->storage.ms);
	raft_snapshot_unref(n->storage.newest);
	free(n);
}

/* What the arguments of add-nodes say. */
struct node_template {
	struct raft_config cfg;
	struct raft_snapshot_metadata meta;
	const char *content; /* of the snapshot; borrowed, may be NULL */
	bool bootstrap;      /* there is a snapshot */
};

/* begin_storage lets the log of n begin with the snapshot of t. */
static bool begin_storage(
	struct interaction_env *env, struct interaction_node *n, const struct node_template *t)
{
	raft_index first;

	if (t->meta.index <= 1)
		return interaction_errorf(env, "index must be specified as > 1 due to bootstrap");
	if (!interaction_check(
		    env, raft_memory_storage_apply_snapshot(n->storage.ms, n->storage.newest)))
		return false;
	if (!interaction_check(env, storage_first_index(&n->storage.base, &first)))
		return false;
	if (first != t->meta.index + 1)
		return interaction_errorf(env, "failed to establish first index %llu; got %llu",
			t->meta.index + 1, first);
	return true;
}

static struct raft_snapshot *make_snapshot(const struct node_template *t)
{
	size_t len = t->content ? strlen(t->content) : 0;
	struct raft_buf *buf = len > 0 ? raft_buf_new(len) : NULL;
	struct raft_snapshot_metadata meta = t->meta;

	if (buf)
		memcpy(buf->data, t->content, len);
	if (t->bootstrap)
		meta.term = 1;
	return raft_snapshot_new(&meta, buf);
}

static bool add_node(
	struct interaction_env *env, const struct datadriven_cmd *d, const struct node_template *t)
{
	struct interaction_node *n = raft_calloc(1, sizeof(*n));
	struct raft_config cfg = t->cfg;

	n->id = env->nodes_len + 1ull;
	n->async_storage_writes = cfg.async_storage_writes;
	n->storage.base.ops = &storage_ops;
	n->storage.ms = raft_memory_storage_new();
	n->storage.newest = make_snapshot(t);
	if (t->bootstrap && !begin_storage(env, n, t)) {
		interaction_node_free(n);
		return false;
	}

	cfg.id = n->id;
	cfg.storage = &n->storage.base;
	cfg.logger = &env->logger;
	enum raft_error err = raft_rawnode_new(&cfg, &n->rn);
	if (err != RAFT_OK) {
		interaction_node_free(n);
		datadriven_fatalf(d, "%s", raft_strerror(err));
	}
	env->nodes = raft_grow(env->nodes, &env->nodes_cap, env->nodes_len + 1u,
		sizeof(struct interaction_node *));
	env->nodes[env->nodes_len++] = n;
	return true;
}

/* ---- Arguments ---------------------------------------------------------------------- */

/* In the script's order: raft has to cope with that. */
static void push_id(const struct datadriven_cmd *d, const struct datadriven_arg *arg, size_t i,
	struct raft_ids *ids)
{
	if (ids->len == RAFT_MAX_MEMBERS)
		datadriven_fatalf(d, "more than %d %s", RAFT_MAX_MEMBERS, arg->key);
	ids->id[ids->len++] = datadriven_scan_uint(d, arg, i);
}

static bool scan_read_only(
	struct interaction_env *env, const char *val, enum raft_read_only_option *option)
{
	if (strcmp(val, "safe") == 0)
		*option = RAFT_READ_ONLY_SAFE;
	else if (strcmp(val, "lease-based") == 0)
		*option = RAFT_READ_ONLY_LEASE_BASED;
	else {
		interaction_errorf(env, "invalid read-only option ");
		strbuf_quote(&env->error, val, strlen(val));
		return false;
	}
	return true;
}

static bool scan_snapshot(const struct datadriven_cmd *d, const struct datadriven_arg *arg,
	size_t i, struct node_template *t)
{
	if (strcmp(arg->key, "voters") == 0) {
		push_id(d, arg, i, &t->meta.conf_state.voters);
	} else if (strcmp(arg->key, "learners") == 0) {
		push_id(d, arg, i, &t->meta.conf_state.learners);
	} else if (strcmp(arg->key, "index") == 0) {
		t->cfg.applied = t->meta.index = datadriven_scan_uint(d, arg, i);
		t->bootstrap |= t->meta.index != 0;
		return true;
	} else if (strcmp(arg->key, "content") == 0) {
		t->content = arg->vals[i];
	} else {
		return false;
	}
	t->bootstrap = true;
	return true;
}

/* Arguments that are not known are ignored, as in the original. */
static bool scan_config(struct interaction_env *env, const struct datadriven_cmd *d,
	const struct datadriven_arg *arg, size_t i, struct raft_config *cfg)
{
	const struct {
		const char *key;
		bool *value;
	} switches[] = {
		{"async-storage-writes", &cfg->async_storage_writes},
		{"prevote", &cfg->pre_vote},
		{"checkquorum", &cfg->check_quorum},
		{"disable-conf-change-validation", &cfg->disable_conf_change_validation},
		{"step-down-on-removal", &cfg->step_down_on_removal},
	};

	for (size_t k = 0; k < sizeof(switches) / sizeof(switches[0]); k++)
		if (strcmp(arg->key, switches[k].key) == 0)
			*switches[k].value = datadriven_scan_bool(d, arg, i);
	if (strcmp(arg->key, "inflight") == 0) {
		long long n = datadriven_scan_int(d, arg, i);
		cfg->max_inflight_msgs = (int)RAFT_MAX(RAFT_MIN(n, INT_MAX), -1);
	}
	if (strcmp(arg->key, "max-committed-size-per-ready") == 0)
		cfg->max_committed_size_per_ready = datadriven_scan_uint(d, arg, i);
	if (strcmp(arg->key, "read-only") == 0)
		return scan_read_only(env, arg->vals[i], &cfg->read_only_option);
	return true;
}

/* add-nodes 3 voters=(1,2) learners=3 index=10 content=foo [inflight=N]
 * [max-committed-size-per-ready=BYTES] [read-only=safe|lease-based]
 * [async-storage-writes|prevote|checkquorum|disable-conf-change-validation|
 * step-down-on-removal=BOOL]: nodes with consecutive ids; their logs are empty or
 * begin with a snapshot. No limits but those given. */
bool interaction_add_nodes(struct interaction_env *env, const struct datadriven_cmd *d)
{
	long long n = interaction_number(d, 0);
	struct node_template t = {0};

	t.cfg.election_tick = 3;
	t.cfg.heartbeat_tick = 1;
	t.cfg.max_size_per_msg = RAFT_NO_LIMIT;
	t.cfg.max_inflight_msgs = INT_MAX;
	t.cfg.seed = 1; /* the same story each time */

	if (n > INTERACTION_MAX_NODES - (long long)env->nodes_len)
		datadriven_fatalf(d, "more than %d nodes", INTERACTION_MAX_NODES);
	for (size_t k = 1; k < d->args_len; k++) {
		const struct datadriven_arg *arg = &d->args[k];

		for (size_t i = 0; i < arg->vals_len; i++)
			if (!scan_snapshot(d, arg, i, &t) && !scan_config(env, d, arg, i, &t.cfg))
				return false;
	}
	for (long long i = 0; i < n; i++)
		if (!add_node(env, d, &t))
			return false;
	return true;
}
