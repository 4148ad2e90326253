/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Helpers of white-box tests: the end of the test, storages and rafts.
 */
#include "raft/rafttest/raft_testing.h"

#include <stdlib.h>

/* ---- The end of the test -------------------------------------------------- */

static struct deferred {
	void (*fn)(void *);
	void *p;
} *deferred;
static size_t deferred_len, deferred_cap;

static void deferred_run(void)
{
	while (deferred_len > 0) {
		struct deferred d = deferred[--deferred_len];

		d.fn(d.p);
	}
	free(deferred);
	deferred = NULL;
	deferred_cap = 0;
}

void raft_testing_defer(void (*fn)(void *), void *p)
{
	/* A test that fails ends without exit(), so what it leaves behind in
	 * disorder is not looked at again. */
	static bool registered;

	if (!registered) {
		registered = true;
		atexit(deferred_run);
	}
	if (deferred_len == deferred_cap) {
		deferred_cap = deferred_cap ? 2 * deferred_cap : 64;
		deferred = raft_realloc(deferred, deferred_cap * sizeof(*deferred));
	}
	deferred[deferred_len++] = (struct deferred){.fn = fn, .p = p};
}

const char *raft_testing_text(struct strbuf *b)
{
	char *s = strbuf_take(b);

	raft_testing_defer(free, s);
	return s;
}

/* ---- Storage ---------------------------------------------------------------- */

static void deferred_storage(void *p)
{
	raft_memory_storage_free(p);
}

struct raft_memory_storage *new_empty_memory_storage(void)
{
	struct raft_memory_storage *ms = raft_memory_storage_new();

	raft_testing_defer(deferred_storage, ms);
	return ms;
}

struct raft_memory_storage *new_test_memory_storage_with_conf(const struct raft_conf_state *cs)
{
	struct raft_memory_storage *ms = new_empty_memory_storage();
	struct raft_snapshot_metadata metadata = {.conf_state = *cs};

	raft_snapshot_unref(ms->snapshot);
	ms->snapshot = raft_snapshot_new(&metadata, NULL);
	return ms;
}

struct raft_memory_storage *new_memory_storage_of(const struct raft_entries *ents)
{
	struct raft_memory_storage *ms = new_empty_memory_storage();

	raft_entries_clear(&ms->ents);
	raft_entries_append(&ms->ents, ents->v, ents->len);
	return ms;
}

/* ---- Rafts -------------------------------------------------------------------- */

static void testing_log(struct raft_logger *logger, enum raft_log_level level, const char *msg)
{
	static const char *const names[] = {"DEBUG", "INFO", "WARN", "ERROR", "PANIC"};

	(void)logger;
	fprintf(stderr, "%-5s %s\n", names[level], msg);
}

struct raft_logger raft_testing_logger = {.level = RAFT_LOG_DEBUG, .log = testing_log};

struct raft_config new_test_config(
	raft_id id, int election, int heartbeat, struct raft_memory_storage *storage)
{
	return (struct raft_config){
		.id = id,
		.election_tick = election,
		.heartbeat_tick = heartbeat,
		.storage = raft_memory_storage_base(storage),
		.max_size_per_msg = RAFT_NO_LIMIT,
		.max_inflight_msgs = 256,
		.logger = &raft_testing_logger,
		.seed = 1,
	};
}

static void deferred_raft(void *p)
{
	raft_free(p);
}

struct raft *new_raft(const struct raft_config *c)
{
	struct raft_config valid = *c;
	struct raft *r;

	EXPECT_EQ(RAFT_OK, raft_config_validate(&valid));
	r = raft_new(&valid);
	raft_testing_defer(deferred_raft, r);
	return r;
}

struct raft *new_test_raft(
	raft_id id, int election, int heartbeat, struct raft_memory_storage *storage)
{
	struct raft_config c = new_test_config(id, election, heartbeat, storage);

	return new_raft(&c);
}

static void deferred_rawnode(void *p)
{
	raft_rawnode_free(p);
}

struct raft_rawnode *new_test_rawnode(
	raft_id id, int election, int heartbeat, struct raft_memory_storage *storage)
{
	struct raft_config c = new_test_config(id, election, heartbeat, storage);
	struct raft_rawnode *rn;

	EXPECT_EQ(RAFT_OK, raft_rawnode_new(&c, &rn));
	raft_testing_defer(deferred_rawnode, rn);
	return rn;
}

void pre_vote_config(struct raft_config *c)
{
	c->pre_vote = true;
}

struct raft *ents_with_config_of(config_func *cfg, const raft_term *terms, size_t n)
{
	struct raft_memory_storage *storage = new_empty_memory_storage();
	struct raft_config c = new_test_config(1, 5, 1, storage);
	struct raft *r;

	storage_append(storage, index_terms_of(1, terms, n));
	if (cfg)
		cfg(&c);
	r = new_raft(&c);
	raft_reset(r, terms[n - 1]);
	return r;
}

struct raft *voted_with_config(config_func *cfg, raft_id vote, raft_term term)
{
	struct raft_memory_storage *storage = new_empty_memory_storage();
	struct raft_config c = new_test_config(1, 5, 1, storage);
	struct raft *r;

	raft_memory_storage_set_hard_state(
		storage, (struct raft_hard_state){.vote = vote, .term = term});
	if (cfg)
		cfg(&c);
	r = new_raft(&c);
	raft_reset(r, term);
	return r;
}

void set_randomized_election_timeout(struct raft *r, int v)
{
	r->randomized_election_timeout = v;
}

void raft_tick_n(struct raft *r, int n)
{
	for (int i = 0; i < n; i++)
		r->tick(r);
}

void raft_set_log(struct raft *r, struct raft_memory_storage *storage)
{
	raft_log_free(&r->raft_log);
	raft_log_init(&r->raft_log, raft_memory_storage_base(storage), r->logger, RAFT_NO_LIMIT);
}

void raft_become(struct raft *r, enum raft_state state, raft_term term, raft_id lead)
{
	switch (state) {
	case RAFT_STATE_FOLLOWER:
		raft_become_follower(r, term, lead);
		break;
	case RAFT_STATE_PRE_CANDIDATE:
		raft_become_pre_candidate(r);
		break;
	case RAFT_STATE_CANDIDATE:
		raft_become_candidate(r);
		break;
	case RAFT_STATE_LEADER:
		raft_become_candidate(r);
		raft_become_leader(r);
		break;
	}
}

void raft_set_state(struct raft *r, enum raft_state state)
{
	r->state = state;
	switch (state) {
	case RAFT_STATE_FOLLOWER:
		r->step = raft_step_follower;
		break;
	case RAFT_STATE_PRE_CANDIDATE:
	case RAFT_STATE_CANDIDATE:
		r->step = raft_step_candidate;
		break;
	case RAFT_STATE_LEADER:
		r->step = raft_step_leader;
		break;
	}
}

struct progress *raft_progress_at(const char *file, int line, const struct raft *r, raft_id id)
{
	struct progress *pr = tracker_get(&r->trk, id);

	if (!pr)
		runner_fail(file, line, "%llx has no member %llx", r->id, id);
	return pr;
}

void raft_apply_simple_conf_change(
	struct raft *r, enum raft_conf_change_type type, raft_id node_id)
{
	struct raft_conf_change cc = {.type = type, .node_id = node_id};
	struct raft_conf_change_single single;
	struct raft_conf_change_v2 v2;
	struct raft_conf_state cs;

	raft_conf_change_as_v2(&cc, &single, &v2);
	raft_apply_conf_change(r, &v2, &cs);
}

static const char *ids_text(const raft_id *ids, size_t n)
{
	struct strbuf b = {0};

	strbuf_putc(&b, '[');
	for (size_t i = 0; i < n; i++)
		strbuf_printf(&b, "%s%llu", i ? " " : "", ids[i]);
	strbuf_putc(&b, ']');
	return raft_testing_text(&b);
}

const char *voter_nodes(const struct raft *r)
{
	raft_id ids[2 * RAFT_MAX_MEMBERS];

	return ids_text(ids, tracker_voter_nodes(&r->trk, ids));
}

const char *learner_nodes(const struct raft *r)
{
	raft_id ids[2 * RAFT_MAX_MEMBERS];

	return ids_text(ids, tracker_learner_nodes(&r->trk, ids));
}

/* ---- Snapshots --------------------------------------------------------------------- */

static void deferred_snapshot(void *p)
{
	raft_snapshot_unref(p);
}

struct raft_snapshot *new_test_snapshot_with_conf(
	raft_index index, raft_term term, const struct raft_conf_state *cs)
{
	struct raft_snapshot_metadata metadata = {.conf_state = *cs, .index = index, .term = term};
	struct raft_snapshot *snap = raft_snapshot_new(&metadata, NULL);

	raft_testing_defer(deferred_snapshot, snap);
	return snap;
}
