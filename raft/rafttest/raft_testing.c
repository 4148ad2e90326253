/* SPDX-License-Identifier: Apache-2.0 */
#include "raft/rafttest/raft_testing.h"

#include <stdlib.h>
#include <string.h>

#include "raft/raftpb/raftpb.h"

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

static const char *deferred_text(struct strbuf *b)
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
	return deferred_text(&b);
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

/* ---- Entries --------------------------------------------------------------------- */

void entry_set_data(struct raft_entry *e, const char *data)
{
	raft_buf_unref(e->buf);
	e->len = 0;
	e->buf = NULL;
	e->data = NULL;
	if (data) {
		e->len = (uint32_t)strlen(data);
		e->buf = raft_buf_new(e->len);
		memcpy(e->buf->data, data, e->len);
		e->data = e->buf->data;
	}
}

struct raft_entries repeat_entry(const char *data, size_t n)
{
	struct raft_entries ents = {0};
	struct raft_entry e = {0};

	entry_set_data(&e, data);
	for (size_t i = 0; i < n; i++)
		raft_entries_push(&ents, &e);
	raft_buf_unref(e.buf);
	return ents;
}

struct raft_entries one_entry(const char *data)
{
	return repeat_entry(data, 1);
}

struct raft_entries typed_entry(enum raft_entry_type type)
{
	struct raft_entries ents = {0};

	raft_entries_push(&ents, &(struct raft_entry){.type = type});
	return ents;
}

static void deferred_entries(void *p)
{
	raft_entries_free(p);
	free(p);
}

static struct raft_entries *new_entries(void)
{
	struct raft_entries *ents = raft_calloc(1, sizeof(*ents));

	raft_testing_defer(deferred_entries, ents);
	return ents;
}

struct raft_entries *index_terms_of(raft_index first, const raft_term *terms, size_t n)
{
	struct raft_entries *ents = new_entries();

	for (size_t i = 0; i < n; i++)
		raft_entries_push(
			ents, &(struct raft_entry){.index = first + i, .term = terms[i]});
	return ents;
}

struct raft_entries ents_copy(const struct raft_entries *ents)
{
	struct raft_entries copy = {0};

	raft_entries_append(&copy, ents->v, ents->len);
	return copy;
}

const char *entry_data(const struct raft_entry *e)
{
	struct strbuf b = {0};

	if (!e->data)
		return NULL;
	strbuf_printf(&b, "%.*s", (int)e->len, (const char *)e->data);
	return deferred_text(&b);
}

void must_append_entries(struct raft *r, const struct raft_entries *ents)
{
	struct raft_entries copy = ents_copy(ents);

	if (!raft_append_entry(r, copy.v, copy.len))
		FAIL("entry unexpectedly dropped");
	raft_entries_free(&copy);
}

void must_append_entry(struct raft *r, const char *data)
{
	struct raft_entries ents = one_entry(data);

	must_append_entries(r, &ents);
	raft_entries_free(&ents);
}

void storage_append(struct raft_memory_storage *storage, const struct raft_entries *ents)
{
	EXPECT_EQ(RAFT_OK, raft_memory_storage_append(storage, ents->v, ents->len));
}

const struct raft_entries *all_entries(struct raft *r)
{
	struct raft_entries *ents = new_entries();

	raft_log_all_entries(&r->raft_log, ents);
	return ents;
}

const struct raft_entries *raft_unstable_ents(struct raft *r)
{
	struct raft_entries *ents = new_entries();
	const struct raft_entry *v;
	size_t n = raft_log_next_unstable_ents(&r->raft_log, &v);

	raft_entries_append(ents, v, n);
	return ents;
}

const struct raft_entries *next_ents(struct raft *r, struct raft_memory_storage *storage)
{
	struct raft_entries *ents = new_entries();

	storage_append(storage, raft_unstable_ents(r));
	raft_log_stable_to(&r->raft_log, raft_log_last_entry_id(&r->raft_log));

	raft_advance_messages_after_append(r);

	raft_log_next_committed_ents(&r->raft_log, true, ents);
	raft_log_applied_to(&r->raft_log, r->raft_log.committed, 0);
	return ents;
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

/* ---- Messages ------------------------------------------------------------------------ */

struct raft_message msg_hup(raft_id id)
{
	return MSG(.from = id, .to = id, .type = MSG_HUP);
}

struct raft_message msg_beat(raft_id id)
{
	return MSG(.from = id, .to = id, .type = MSG_BEAT);
}

struct raft_message msg_prop(raft_id id, const char *data)
{
	return MSG(.from = id, .to = id, .type = MSG_PROP, .entries = one_entry(data));
}

struct raft_message msg_read_index(raft_id id, const char *ctx)
{
	return MSG(.from = id, .to = id, .type = MSG_READ_INDEX, .entries = one_entry(ctx));
}

enum raft_error raft_step_msg(struct raft *r, struct raft_message m)
{
	return raft_step(r, &m);
}

bool context_is(const struct raft_context *c, const char *want)
{
	return raft_context_equal(c, want, strlen(want));
}

static void deferred_messages(void *p)
{
	raft_messages_free(p);
	free(p);
}

static struct raft_messages *new_messages(struct raft_messages *from)
{
	struct raft_messages *msgs = raft_calloc(1, sizeof(*msgs));

	*msgs = *from;
	*from = (struct raft_messages){0};
	raft_testing_defer(deferred_messages, msgs);
	return msgs;
}

struct raft_messages *raft_read_messages(struct raft *r)
{
	raft_advance_messages_after_append(r);
	return new_messages(&r->msgs);
}

struct raft_message *expect_one_message_at(const char *file, int line, struct raft *r)
{
	struct raft_messages *msgs = raft_read_messages(r);

	if (msgs->len != 1)
		runner_fail(file, line, "%llx has %u messages to send, not 1", r->id, msgs->len);
	return &msgs->v[0];
}

void raft_advance_messages_after_append(struct raft *r)
{
	while (r->msgs_after_append.len > 0) {
		struct raft_messages msgs = r->msgs_after_append;

		r->msgs_after_append = (struct raft_messages){0};
		raft_step_or_send(r, &msgs);
	}
}

struct raft_messages *raft_take_messages_after_append(struct raft *r)
{
	return new_messages(&r->msgs_after_append);
}

enum raft_error raft_step_or_send(struct raft *r, struct raft_messages *msgs)
{
	enum raft_error err = RAFT_OK;

	for (uint32_t i = 0; i < msgs->len && err == RAFT_OK; i++) {
		if (msgs->v[i].to == r->id)
			err = raft_step(r, &msgs->v[i]);
		else
			raft_messages_push(&r->msgs, &msgs->v[i]);
	}
	raft_messages_free(msgs);
	return err;
}

struct raft_message accept_and_reply(const struct raft_message *m)
{
	EXPECT_EQ(MSG_APP, m->type);
	return MSG(.from = m->to, .to = m->from, .term = m->term, .type = MSG_APP_RESP,
		.index = m->index + m->entries.len);
}

void commit_noop_entry(struct raft *r, struct raft_memory_storage *storage)
{
	struct raft_messages *msgs;

	EXPECT_EQ(RAFT_STATE_LEADER, r->state);
	raft_bcast_append(r);
	msgs = raft_read_messages(r);
	for (uint32_t i = 0; i < msgs->len; i++) {
		EXPECT_EQ(1, msgs->v[i].entries.len);
		EXPECT(msgs->v[i].entries.v[0].data == NULL);
		raft_step_msg(r, accept_and_reply(&msgs->v[i]));
	}
	/* What tells the followers of the new commit index is of no interest. */
	raft_read_messages(r);
	storage_append(storage, raft_unstable_ents(r));
	raft_log_applied_to(&r->raft_log, r->raft_log.committed, 0);
	raft_log_stable_to(&r->raft_log, raft_log_last_entry_id(&r->raft_log));
}

/* ---- Logs as text ---------------------------------------------------------------------- */

const char *ltoa(struct raft_log *l)
{
	struct raft_entries ents = {0};
	struct strbuf b = {0};

	strbuf_printf(&b, "last index: %llu\napplied: %llu\napplying: %llu\n",
		raft_log_last_index(l), l->applied, l->applying);
	raft_log_all_entries(l, &ents);
	for (uint32_t i = 0; i < ents.len; i++) {
		char *e = raft_describe_entry(&ents.v[i], NULL);

		strbuf_printf(&b, "#%u: %s\n", i, e);
		free(e);
	}
	raft_entries_free(&ents);
	return deferred_text(&b);
}

const char *ltoa_of(const struct raft_entries *ents)
{
	struct raft_log l;
	const char *s;

	raft_log_init(&l, raft_memory_storage_base(new_memory_storage_of(ents)),
		&raft_testing_logger, RAFT_NO_LIMIT);
	s = ltoa(&l);
	raft_log_free(&l);
	return s;
}

static size_t line_len(const char *s)
{
	const char *end = strchr(s, '\n');

	return end ? (size_t)(end - s) + 1 : strlen(s);
}

const char *diffu(const char *a, const char *b)
{
	struct strbuf out = {0};

	/* Logs differ from some place on, mostly: line by line will do. */
	while (*a || *b) {
		size_t n = line_len(a), m = line_len(b);

		if (n != m || memcmp(a, b, n) != 0) {
			if (n > 0)
				strbuf_printf(&out, "-%.*s", (int)n, a);
			if (m > 0)
				strbuf_printf(&out, "+%.*s", (int)m, b);
		}
		a += n;
		b += m;
	}
	return deferred_text(&out);
}
