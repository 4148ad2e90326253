/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process-ready, process-append-thread, process-apply-thread: what the application
 * around a raft node does with its work.
 */
#include "raft/raftpb/raftpb.h"
#include "raft/rafttest/interaction_env.h"

#include <stdlib.h>
#include <string.h>

/* ---- Writing and applying --------------------------------------------------------- */

static bool append(struct interaction_env *env, struct interaction_node *n,
	struct raft_hard_state hs, const struct raft_entry *ents, size_t len,
	struct raft_snapshot *snap)
{
	struct raft_memory_storage *ms = n->storage.ms;

	if (!raft_hard_state_empty(hs))
		raft_memory_storage_set_hard_state(ms, hs);
	if (raft_snapshot_empty(snap))
		return interaction_check(env, raft_memory_storage_append(ms, ents, len));
	if (len > 0)
		return interaction_errorf(env, "can't apply snapshot and entries at the same time");
	return interaction_check(env, raft_memory_storage_apply_snapshot(ms, snap));
}

/* The state machine: it holds all updates one behind the other, and its state
 * after each one is kept as a snapshot. */
static void update(struct interaction_node *n, const struct raft_entry *e, const void *data,
	size_t len, const struct raft_conf_state *cs)
{
	const struct raft_snapshot *last = n->storage.newest;
	struct raft_snapshot_metadata meta = {
		.index = e->index, .term = e->term, .conf_state = last->metadata.conf_state};
	struct raft_buf *buf = NULL;

	if (cs)
		meta.conf_state = *cs;
	if (last->len + len > 0)
		buf = raft_buf_new(last->len + len);
	if (last->len > 0)
		memcpy(buf->data, last->data, last->len);
	if (len > 0)
		memcpy(buf->data + last->len, data, len);

	struct raft_snapshot *snap = raft_snapshot_new(&meta, buf);
	raft_snapshot_unref(n->storage.newest);
	n->storage.newest = snap;
}

static enum raft_error apply_conf_change(struct interaction_node *n, const struct raft_entry *e)
{
	struct raft_conf_change_v2 cc;
	struct raft_conf_state cs;
	enum raft_error err = raftpb_entry_conf_change_decode(e, &cc);

	if (err != RAFT_OK)
		return err;
	raft_rawnode_apply_conf_change(n->rn, &cc, &cs);
	update(n, e, cc.context, cc.context_len, &cs);
	raftpb_conf_change_v2_free(&cc);
	return RAFT_OK;
}

static bool apply(struct interaction_env *env, struct interaction_node *n,
	const struct raft_entry *ents, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const struct raft_entry *e = &ents[i];

		if (e->type == RAFT_ENTRY_NORMAL)
			update(n, e, e->data, e->len, NULL);
		else if (!interaction_check(env, apply_conf_change(n, e)))
			return false;
	}
	return true;
}

/* ---- Ready -------------------------------------------------------------------------- */

/* Messages to other nodes go on their way, those to the storage threads into
 * their queues. */
static void dispatch(
	struct interaction_env *env, struct interaction_node *n, struct raft_message *m)
{
	struct raft_messages *queue = &env->messages;

	if (raft_is_local_msg_target(m->to)) {
		if (!n->async_storage_writes)
			raft_panicf(&env->logger, "unexpected local msg target");
		if (m->type == MSG_STORAGE_APPEND)
			queue = &n->append_work;
		else if (m->type == MSG_STORAGE_APPLY)
			queue = &n->apply_work;
		else
			raft_panicf(&env->logger, "unexpected message type %s",
				raft_message_type_name(m->type));
	}
	raft_messages_push(queue, m);
}

/* interaction_node_ready handles one Ready of n. */
bool interaction_node_ready(struct interaction_env *env, struct interaction_node *n)
{
	const struct raft_ready *rd = raft_rawnode_ready(n->rn);

	interaction_print(env, raft_describe_ready(rd, NULL));
	if (!n->async_storage_writes) {
		if (!append(env, n, rd->hard_state, rd->entries, rd->entries_len, rd->snapshot))
			return false;
		if (!apply(env, n, rd->committed_entries, rd->committed_entries_len))
			return false;
	}
	for (size_t i = 0; i < rd->messages_len; i++)
		dispatch(env, n, &rd->messages[i]);
	if (!n->async_storage_writes)
		raft_rawnode_advance(n->rn);
	return true;
}

/* ---- Storage threads ------------------------------------------------------------------ */

static struct raft_message shift(struct raft_messages *ms)
{
	struct raft_message first = raft_message_move(&ms->v[0]);

	ms->len--;
	memmove(ms->v, ms->v + 1, ms->len * sizeof(*ms->v));
	return first;
}

static void print_message(struct interaction_env *env, const struct raft_message *m)
{
	interaction_print(env, raft_describe_message(m, NULL));
	interaction_printf(env, "\n");
}

/* Takes the oldest message off queue and lets work do what it says; its responses
 * are sent when that is done. */
static bool process(struct interaction_env *env, struct interaction_node *n,
	struct raft_messages *queue, const char *name,
	bool (*work)(struct interaction_env *, struct interaction_node *, struct raft_message *))
{
	if (queue->len == 0) {
		interaction_printf(env, "no %s work to perform", name);
		return true;
	}

	struct raft_message m = shift(queue);
	struct raft_messages resps = m.responses;
	m.responses = (struct raft_messages){0};
	interaction_printf(env, "Processing:\n");
	print_message(env, &m);
	bool ok = work(env, n, &m);
	if (ok) {
		interaction_printf(env, "Responses:\n");
		for (uint32_t i = 0; i < resps.len; i++)
			print_message(env, &resps.v[i]);
		for (uint32_t i = 0; i < resps.len; i++)
			raft_messages_push(&env->messages, &resps.v[i]);
	}
	raft_messages_free(&resps);
	raft_message_free(&m);
	return ok;
}

static bool work_append(
	struct interaction_env *env, struct interaction_node *n, struct raft_message *m)
{
	struct raft_hard_state hs = {.term = m->term, .vote = m->vote, .commit = m->commit};

	return append(env, n, hs, m->entries.v, m->entries.len, m->snapshot);
}

static bool work_apply(
	struct interaction_env *env, struct interaction_node *n, struct raft_message *m)
{
	return apply(env, n, m->entries.v, m->entries.len);
}

/* interaction_node_append handles one message to the append thread of n. */
bool interaction_node_append(struct interaction_env *env, struct interaction_node *n)
{
	return process(env, n, &n->append_work, "append", work_append);
}

/* interaction_node_apply handles one message to the apply thread of n. */
bool interaction_node_apply(struct interaction_env *env, struct interaction_node *n)
{
	return process(env, n, &n->apply_work, "apply", work_apply);
}

/* ---- Commands --------------------------------------------------------------------------- */

static bool for_each(struct interaction_env *env, const struct datadriven_cmd *d, const char *what,
	bool (*work)(struct interaction_env *, struct interaction_node *))
{
	bool several = interaction_count_nodes(d) > 1, ok = true;
	struct interaction_node *n;

	/* A node that does not exist is noticed before the first one works. */
	for (size_t i = 0; interaction_next_node(env, d, &i);)
		;
	for (size_t i = 0; ok && (n = interaction_next_node(env, d, &i));) {
		if (several) {
			interaction_printf(env, "> %llu %s\n", n->id, what);
			interaction_indent(env);
		}
		ok = work(env, n);
		if (several)
			interaction_outdent(env);
	}
	return ok;
}

/* process-ready 1 2 3 */
bool interaction_process_ready(struct interaction_env *env, const struct datadriven_cmd *d)
{
	return for_each(env, d, "handling Ready", interaction_node_ready);
}

/* process-append-thread 1 2 3 */
bool interaction_process_append_thread(struct interaction_env *env, const struct datadriven_cmd *d)
{
	return for_each(env, d, "processing append thread", interaction_node_append);
}

/* process-apply-thread 1 2 3 */
bool interaction_process_apply_thread(struct interaction_env *env, const struct datadriven_cmd *d)
{
	return for_each(env, d, "processing apply thread", interaction_node_apply);
}
