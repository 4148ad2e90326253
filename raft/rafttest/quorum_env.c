/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The quorum environment: what a configuration has committed, how it has voted.
 *
 *	committed cfg=(1,2,3) cfgj=(3,4) idx=(10,_,12,5)
 *	vote cfg=(1,2,3) votes=(y,n,_)
 *
 * idx and votes go to the members of cfg and cfgj in this order, each member once;
 * _ means that nothing is known of it. cfgj makes the configuration joint, with
 * nobody in the other half if it is "zero".
 *
 * What must not change the result is tried as well, and shown if it does.
 * The original: quorum/datadriven_test.go.
 */
#include "raft/quorum/quorum.h"
#include "raft/raft_internal.h"
#include "raft/rafttest/datadriven.h"

#include <stdlib.h>
#include <string.h>

#define MAX_VALUES (2 * RAFT_MAX_MEMBERS)

/* The values of an argument, in its order. */
struct values {
	raft_index v[MAX_VALUES];
	size_t len;
};

struct query {
	bool joint;
	struct values ids[2];
	struct values idx;   /* 0: nothing is known */
	struct values votes; /* 0: nothing is known; VOTE_NO, VOTE_YES */
};

enum { VOTE_NO = 1, VOTE_YES = 2 };

/* What is known of members. */
struct known {
	raft_id id[MAX_VALUES];
	raft_index value[MAX_VALUES];
	size_t len;
};

/* ---- Lookup --------------------------------------------------------------------- */

static bool lookup(const void *arg, raft_id id, raft_index *value)
{
	const struct known *k = arg;

	for (size_t i = 0; i < k->len; i++) {
		if (k->id[i] == id) {
			*value = k->value[i];
			return true;
		}
	}
	return false;
}

static bool lookup_vote(const void *arg, raft_id id, bool *granted)
{
	raft_index value;

	if (!lookup(arg, id, &value))
		return false;
	*granted = value != VOTE_NO;
	return true;
}

static struct quorum_acked_indexer acked(const struct known *k)
{
	return (struct quorum_acked_indexer){.acked_index = lookup, .arg = k};
}

static bool has(const raft_id *ids, size_t len, raft_id id)
{
	while (len > 0)
		if (ids[--len] == id)
			return true;
	return false;
}

/* Gives values to the members of both halves, in the script's order. */
static void assign(struct known *k, const struct query *q, const struct values *values)
{
	raft_id seen[MAX_VALUES];
	size_t n = 0;

	k->len = 0;
	for (int half = 0; half < 2; half++) {
		for (size_t i = 0; i < q->ids[half].len; i++) {
			raft_id id = q->ids[half].v[i];

			if (has(seen, n, id))
				continue;
			if (n < values->len && values->v[n] != 0) {
				k->id[k->len] = id;
				k->value[k->len++] = values->v[n];
			}
			seen[n++] = id;
		}
	}
}

/* ---- Arguments ---------------------------------------------------------------------- */

static void push(const struct datadriven_cmd *d, const char *key, struct values *values, size_t max,
	unsigned long long n)
{
	if (values->len == max)
		datadriven_fatalf(d, "more than %zu values of %s", max, key);
	values->v[values->len++] = n;
}

static raft_index scan_idx(
	const struct datadriven_cmd *d, const struct datadriven_arg *arg, size_t i)
{
	if (strcmp(arg->vals[i], "_") == 0)
		return 0;

	raft_index n = datadriven_scan_uint(d, arg, i);
	if (n == 0)
		datadriven_fatalf(d, "cannot use 0 as idx");
	return n;
}

static raft_index scan_vote(const struct datadriven_cmd *d, const char *val)
{
	if (strcmp(val, "y") == 0)
		return VOTE_YES;
	if (strcmp(val, "n") == 0)
		return VOTE_NO;
	if (strcmp(val, "_") != 0)
		datadriven_fatalf(d, "unknown vote: %s", val);
	return 0;
}

static void scan_value(
	const struct datadriven_cmd *d, const struct datadriven_arg *arg, size_t i, struct query *q)
{
	if (strcmp(arg->key, "cfg") == 0) {
		push(d, arg->key, &q->ids[0], RAFT_MAX_MEMBERS, datadriven_scan_uint(d, arg, i));
	} else if (strcmp(arg->key, "cfgj") == 0) {
		q->joint = true;
		if (strcmp(arg->vals[i], "zero") != 0)
			push(d, arg->key, &q->ids[1], RAFT_MAX_MEMBERS,
				datadriven_scan_uint(d, arg, i));
		else if (arg->vals_len != 1)
			datadriven_fatalf(d, "cannot mix 'zero' into configuration");
	} else if (strcmp(arg->key, "idx") == 0) {
		push(d, arg->key, &q->idx, MAX_VALUES, scan_idx(d, arg, i));
	} else if (strcmp(arg->key, "votes") == 0) {
		push(d, arg->key, &q->votes, MAX_VALUES, scan_vote(d, arg->vals[i]));
	} else {
		datadriven_fatalf(d, "unknown arg %s", arg->key);
	}
}

static struct raft_ids as_set(const struct values *ids)
{
	struct raft_ids set = {0};

	for (size_t i = 0; i < ids->len; i++)
		raft_ids_add(&set, ids->v[i]);
	return set;
}

/* Returns: false, and output, unless there is a value for each voter. */
static bool check_values(
	const struct quorum_joint_config *c, const struct values *values, struct strbuf *out)
{
	raft_id ids[MAX_VALUES];
	size_t n = quorum_joint_ids(c, ids);

	if (n == values->len)
		return true;
	strbuf_puts(out, "error: mismatched input (explicit or _) for voters map[");
	for (size_t i = 0; i < n; i++)
		strbuf_printf(out, "%s%llu:{}", i > 0 ? " " : "", ids[i]);
	strbuf_puts(out, "]: [");
	for (size_t i = 0; i < values->len; i++) {
		strbuf_puts(out, i > 0 ? " " : "");
		if (values->v[i] == QUORUM_INFINITY)
			strbuf_puts(out, "∞");
		else
			strbuf_printf(out, "%llu", values->v[i]);
	}
	strbuf_puts(out, "]");
	return false;
}

/* ---- committed ---------------------------------------------------------------------- */

static void print_index(struct strbuf *out, raft_index index, const char *how)
{
	if (index == QUORUM_INFINITY)
		strbuf_printf(out, "∞%s\n", how);
	else
		strbuf_printf(out, "%llu%s\n", index, how);
}

/* The definition, word by word: the largest index that was acknowledged and that
 * a majority has acknowledged or passed. */
static raft_index committed_by_definition(const struct raft_ids *c, const struct known *k)
{
	raft_index best = 0, candidate, other;

	if (c->len == 0)
		return QUORUM_INFINITY;
	for (uint32_t i = 0; i < c->len; i++) {
		size_t reached = 0;

		if (!lookup(k, c->id[i], &candidate))
			continue;
		for (uint32_t j = 0; j < c->len; j++)
			reached += lookup(k, c->id[j], &other) && other >= candidate;
		if (reached > c->len / 2)
			best = RAFT_MAX(best, candidate);
	}
	return best;
}

/* Who is behind the committed index may fall back further without changing it. */
static void try_falling_back(
	const struct raft_ids *c, const struct known *k, raft_index committed, struct strbuf *out)
{
	for (size_t i = 0; i < k->len; i++) {
		const raft_index lower[] = {k->value[i] - 1, 0};

		if (!raft_ids_has(c, k->id[i]) || k->value[i] >= committed)
			continue;
		for (size_t j = 0; j < 2; j++) {
			struct known copy = *k;

			copy.value[i] = lower[j];
			raft_index got = quorum_majority_committed_index(c, acked(&copy));
			if (got != committed)
				strbuf_printf(out, "%llu <-- overlaying %llu->%llu", got, k->id[i],
					lower[j]);
		}
	}
}

static void committed_majority(const struct raft_ids *c, const struct known *k, struct strbuf *out)
{
	const struct quorum_joint_config with_nobody = {.v = {*c}}, with_itself = {.v = {*c, *c}};
	raft_index index = quorum_majority_committed_index(c, acked(k)), got;

	quorum_majority_describe(c, acked(k), out);
	if ((got = committed_by_definition(c, k)) != index)
		print_index(out, got, " <-- via alternative computation");
	if ((got = quorum_joint_committed_index(&with_nobody, acked(k))) != index)
		print_index(out, got, " <-- via zero-joint quorum");
	if ((got = quorum_joint_committed_index(&with_itself, acked(k))) != index)
		print_index(out, got, " <-- via self-joint quorum");
	try_falling_back(c, k, index, out);
	print_index(out, index, "");
}

static void committed_joint(
	const struct quorum_joint_config *c, const struct known *k, struct strbuf *out)
{
	const struct quorum_joint_config swapped = {.v = {c->v[1], c->v[0]}};
	raft_index index = quorum_joint_committed_index(c, acked(k)), got;

	quorum_joint_describe(c, acked(k), out);
	if ((got = quorum_joint_committed_index(&swapped, acked(k))) != index)
		print_index(out, got, " <-- via symmetry");
	print_index(out, index, "");
}

/* ---- vote ------------------------------------------------------------------------------ */

static void vote(
	const struct quorum_joint_config *c, bool joint, const struct known *k, struct strbuf *out)
{
	const struct quorum_joint_config swapped = {.v = {c->v[1], c->v[0]}};
	struct quorum_votes votes = {.vote = lookup_vote, .arg = k};
	enum quorum_vote_result r = joint ? quorum_joint_vote_result(c, votes)
					  : quorum_majority_vote_result(&c->v[0], votes);
	enum quorum_vote_result got = joint ? quorum_joint_vote_result(&swapped, votes) : r;

	if (got != r)
		strbuf_printf(out, "%s <-- via symmetry\n", quorum_vote_result_name(got));
	strbuf_printf(out, "%s\n", quorum_vote_result_name(r));
}

/* ---- The whole --------------------------------------------------------------------------- */

static bool knows(const char *cmd)
{
	return strcmp(cmd, "committed") == 0 || strcmp(cmd, "vote") == 0;
}

/* Each command stands for itself: there is nothing to keep. */
static void *env_open(void)
{
	return NULL;
}

static void env_close(void *env)
{
	(void)env;
}

static void handle(void *env, const struct datadriven_cmd *d, struct strbuf *out)
{
	bool voting = strcmp(d->cmd, "vote") == 0;
	struct query q = {0};
	struct known k;

	(void)env;
	for (size_t a = 0; a < d->args_len; a++)
		for (size_t i = 0; i < d->args[a].vals_len; i++)
			scan_value(d, &d->args[a], i, &q);

	struct quorum_joint_config c = {.v = {as_set(&q.ids[0]), as_set(&q.ids[1])}};
	if (!check_values(&c, voting ? &q.votes : &q.idx, out))
		return;
	if (!knows(d->cmd))
		datadriven_fatalf(d, "unknown command");
	assign(&k, &q, voting ? &q.votes : &q.idx);
	if (voting)
		vote(&c, q.joint, &k, out);
	else if (q.joint)
		committed_joint(&c, &k, out);
	else
		committed_majority(&c.v[0], &k, out);
}

const struct datadriven_env datadriven_quorum = {
	.knows = knows, .open = env_open, .close = env_close, .handle = handle};
