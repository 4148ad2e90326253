/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Helpers of white-box tests: entries, and logs as text.
 */
#include "raft/rafttest/raft_testing.h"

#include <stdlib.h>
#include <string.h>

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
	return raft_testing_text(&b);
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
	return raft_testing_text(&b);
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
	return raft_testing_text(&out);
}
