/* SPDX-License-Identifier: Apache-2.0 */
/*
 * deliver-msgs, send-snapshot, stabilize: messages on their way.
 */
#include "raft/rafttest/interaction_env.h"

#include <string.h>

#define ANY_TYPE (-1)

struct recipient {
	raft_id id;
	bool drop;
};

/* What a node and its own storage say to each other cannot get lost. */
static bool is_local(const struct raft_message *m)
{
	return m->from == m->to || raft_is_local_msg_target(m->from) ||
	       raft_is_local_msg_target(m->to);
}

static bool is_for(const struct raft_message *m, struct recipient r, int type)
{
	return m->to == r.id && !(r.drop && is_local(m)) &&
	       (type == ANY_TYPE || (int)m->type == type);
}

/* d is for saying that there is no such node. */
static void deliver(struct interaction_env *env, const struct datadriven_cmd *d,
	struct raft_message *m, bool drop)
{
	if (drop)
		interaction_printf(env, "dropped: ");
	interaction_print(env, raft_describe_message(m, NULL));
	interaction_printf(env, "\n");
	if (drop) {
		raft_message_free(m);
		return;
	}
	if (m->to < 1 || m->to > env->nodes_len)
		datadriven_fatalf(d, "there is no node %llu to deliver a message to", m->to);

	enum raft_error err = raft_rawnode_step(env->nodes[m->to - 1]->rn, m);
	if (err != RAFT_OK)
		interaction_printf(env, "%s\n", raft_strerror(err));
}

/* Delivers all messages that are for r; the others keep their order. Returns: how
 * many there were. */
static uint32_t deliver_to(
	struct interaction_env *env, const struct datadriven_cmd *d, struct recipient r, int type)
{
	struct raft_messages *ms = &env->messages;
	uint32_t kept = 0, n;

	for (uint32_t i = 0; i < ms->len; i++) {
		if (is_for(&ms->v[i], r, type)) {
			deliver(env, d, &ms->v[i], r.drop);
		} else {
			struct raft_message m = raft_message_move(&ms->v[i]);
			ms->v[kept++] = m;
		}
	}
	n = ms->len - kept;
	ms->len = kept;
	return n;
}

static int scan_type(const struct datadriven_cmd *d, const char *name)
{
	for (int type = MSG_HUP; type <= MSG_FORGET_LEADER; type++)
		if (strcmp(raft_message_type_name((enum raft_message_type)type), name) == 0)
			return type;
	datadriven_fatalf(d, "unknown message type %s", name);
}

/* ---- deliver-msgs ------------------------------------------------------------- */

#define MAX_RECIPIENTS 128

struct recipients {
	struct recipient v[MAX_RECIPIENTS];
	size_t len;
};

static void add_recipient(
	const struct datadriven_cmd *d, struct recipients *rs, const char *id, bool drop)
{
	struct recipient r = {.drop = drop};
	const char *why = datadriven_parse_uint(id, &r.id);

	if (why)
		datadriven_fatalf(d, "recipient \"%s\": %s", id, why);
	for (size_t i = 0; drop && i < rs->len; i++)
		if (rs->v[i].id == r.id)
			datadriven_fatalf(d, "can't both deliver and drop msgs to %llu", r.id);
	if (rs->len == MAX_RECIPIENTS)
		datadriven_fatalf(d, "more than %d recipients", MAX_RECIPIENTS);
	rs->v[rs->len++] = r;
}

/* deliver-msgs 1 2 drop=(3,4) type=MsgApp: recipients one after the other, each
 * one's messages in the order in which they were sent. */
bool interaction_deliver_msgs(struct interaction_env *env, const struct datadriven_cmd *d)
{
	struct recipients rs = {0};
	int type = ANY_TYPE;
	uint32_t n = 0;

	for (size_t k = 0; k < d->args_len; k++) {
		const struct datadriven_arg *arg = &d->args[k];

		if (arg->vals_len == 0)
			add_recipient(d, &rs, arg->key, false);
		for (size_t i = 0; i < arg->vals_len; i++) {
			if (strcmp(arg->key, "drop") == 0)
				add_recipient(d, &rs, arg->vals[i], true);
			else if (strcmp(arg->key, "type") == 0)
				type = scan_type(d, arg->vals[i]);
		}
	}
	for (size_t i = 0; i < rs.len; i++)
		n += deliver_to(env, d, rs.v[i], type);
	if (n == 0)
		interaction_printf(env, "no messages\n");
	return true;
}

/* ---- send-snapshot -------------------------------------------------------------- */

/* send-snapshot 1 3: what leaders do of their own accord, done by hand. */
bool interaction_send_snapshot(struct interaction_env *env, const struct datadriven_cmd *d)
{
	if (interaction_count_nodes(d) != 2)
		datadriven_fatalf(d, "two nodes are wanted: the sender and the recipient");

	size_t i = 0;
	struct interaction_node *from = interaction_next_node(env, d, &i);
	while (d->args[i].vals_len > 0)
		i++;
	struct raft_message m = {
		.type = MSG_SNAP,
		.term = raft_rawnode_basic_status(from->rn).hard_state.term,
		.from = from->id,
		.to = (raft_id)interaction_number(d, i), /* need not exist */
		.snapshot = raft_snapshot_ref(from->storage.newest),
	};
	interaction_print(env, raft_describe_message(&m, NULL));
	raft_messages_push(&env->messages, &m);
	return true;
}

/* ---- stabilize -------------------------------------------------------------------- */

static bool stabilize_ready(struct interaction_env *env, struct interaction_node *n, bool *done)
{
	if (!raft_rawnode_has_ready(n->rn))
		return true;
	*done = false;
	interaction_printf(env, "> %llu handling Ready\n", n->id);
	interaction_indent(env);
	bool ok = interaction_node_ready(env, n);
	interaction_outdent(env);
	return ok;
}

static void stabilize_deliver(struct interaction_env *env, const struct datadriven_cmd *d,
	struct interaction_node *n, bool *done)
{
	struct recipient r = {.id = n->id};
	uint32_t i = 0;

	while (i < env->messages.len && !is_for(&env->messages.v[i], r, ANY_TYPE))
		i++;
	if (i == env->messages.len)
		return;
	*done = false;
	interaction_printf(env, "> %llu receiving messages\n", n->id);
	interaction_indent(env);
	deliver_to(env, d, r, ANY_TYPE);
	interaction_outdent(env);
}

static bool stabilize_thread(struct interaction_env *env, struct interaction_node *n,
	const struct raft_messages *queue, const char *name,
	bool (*work)(struct interaction_env *, struct interaction_node *), bool *done)
{
	bool ok = true;

	if (queue->len == 0)
		return true;
	*done = false;
	interaction_printf(env, "> %llu processing %s thread\n", n->id, name);
	while (ok && queue->len > 0) {
		interaction_indent(env);
		ok = work(env, n);
		interaction_outdent(env);
	}
	return ok;
}

/* The i-th node to stabilize: all of them if d names none. */
static struct interaction_node *stabilize_next(
	struct interaction_env *env, const struct datadriven_cmd *d, size_t *i)
{
	if (interaction_count_nodes(d) > 0)
		return interaction_next_node(env, d, i);
	return *i < env->nodes_len ? env->nodes[(*i)++] : NULL;
}

/* One round. *done becomes false if there was anything to do. */
static bool stabilize_round(struct interaction_env *env, const struct datadriven_cmd *d, bool *done)
{
	struct interaction_node *n;

	for (size_t i = 0; (n = stabilize_next(env, d, &i));)
		if (!stabilize_ready(env, n, done))
			return false;
	for (size_t i = 0; (n = stabilize_next(env, d, &i));)
		stabilize_deliver(env, d, n, done);
	for (size_t i = 0; (n = stabilize_next(env, d, &i));)
		if (!stabilize_thread(
			    env, n, &n->append_work, "append", interaction_node_append, done))
			return false;
	for (size_t i = 0; (n = stabilize_next(env, d, &i));)
		if (!stabilize_thread(
			    env, n, &n->apply_work, "apply", interaction_node_apply, done))
			return false;
	return true;
}

static bool stabilize_level(struct interaction_env *env, const struct datadriven_cmd *d)
{
	for (size_t k = 0; k < d->args_len; k++)
		for (size_t i = 0; i < d->args[k].vals_len; i++)
			if (strcmp(d->args[k].key, "log-level") == 0 &&
				!interaction_set_level(env, d->args[k].vals[i]))
				return false;
	return true;
}

/* stabilize 1 2 log-level=none: lets nodes work and exchange messages until there
 * is nothing left to do. */
bool interaction_stabilize(struct interaction_env *env, const struct datadriven_cmd *d)
{
	enum raft_log_level level = env->logger.level;
	bool ok, done = false;

	for (size_t i = 0; interaction_next_node(env, d, &i);)
		; /* all that are named exist */
	ok = stabilize_level(env, d);
	while (ok && !done) {
		done = true;
		ok = stabilize_round(env, d, &done);
	}
	env->logger.level = level;
	return ok;
}
