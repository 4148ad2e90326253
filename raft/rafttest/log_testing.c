/* SPDX-License-Identifier: Apache-2.0 */
#include "raft/rafttest/log_testing.h"

#include <stdlib.h>

const struct raft_entries no_ents;

static void deferred_entries(void *p)
{
	raft_entries_free(p);
	free(p);
}

struct raft_entries *new_ents(void)
{
	struct raft_entries *ents = raft_calloc(1, sizeof(*ents));

	raft_testing_defer(deferred_entries, ents);
	return ents;
}

struct raft_entries *index_term_range(raft_index first, raft_term from, raft_term to)
{
	struct raft_entries *ents = new_ents();

	for (raft_term term = from; term < to; term++)
		raft_entries_push(
			ents, &(struct raft_entry){.term = term, .index = first + term - from});
	return ents;
}

struct raft_entries *index_range(raft_index from, raft_index to)
{
	return index_term_range(from, from, to);
}

struct raft_entries ents_slice(const struct raft_entries *ents, uint32_t lo, uint32_t hi)
{
	return (struct raft_entries){.v = ents->v + lo, .len = hi - lo};
}

static void deferred_log(void *p)
{
	raft_log_free(p);
	free(p);
}

struct raft_log *new_log_with_size(struct raft_memory_storage *storage, uint64_t max_applying)
{
	struct raft_log *l = raft_malloc(sizeof(*l));

	raft_log_init(l, raft_memory_storage_base(storage), &raft_testing_logger, max_applying);
	raft_testing_defer(deferred_log, l);
	return l;
}

struct raft_log *new_log(struct raft_memory_storage *storage)
{
	return new_log_with_size(storage, RAFT_NO_LIMIT);
}

struct raft_memory_storage *storage_from_snapshot(raft_index index, raft_term term)
{
	struct raft_memory_storage *storage = new_empty_memory_storage();
	struct raft_snapshot *snap = new_test_snapshot(index, term, .auto_leave = false);

	if (index > 0)
		EXPECT_EQ(RAFT_OK, raft_memory_storage_apply_snapshot(storage, snap));
	return storage;
}

/* ents_string writes "[1/1 2/2]", and a payload if there is one. */
static void ents_string(const struct raft_entries *ents, struct strbuf *b)
{
	strbuf_putc(b, '[');
	for (uint32_t i = 0; i < ents->len; i++) {
		const struct raft_entry *e = &ents->v[i];

		strbuf_printf(b, "%s%llu/%llu", i ? " " : "", e->term, e->index);
		if (e->data) {
			strbuf_putc(b, ' ');
			strbuf_quote(b, e->data, e->len);
		}
	}
	strbuf_putc(b, ']');
}

void expect_ents_eq(const char *file, int line, const char *what, const struct raft_entries *want,
	const struct raft_entries *got)
{
	struct strbuf w = {0}, g = {0};

	ents_string(want, &w);
	ents_string(got, &g);
	runner_expect_str_eq(file, line, what, w.s, g.s);
	strbuf_free(&w);
	strbuf_free(&g);
}

void expect_msgs(const char *file, int line, const char *what, const char *want,
	const struct raft_messages *msgs)
{
	struct strbuf got = {0};
	char *text;

	for (uint32_t i = 0; i < msgs->len; i++) {
		char *m = raft_describe_message(&msgs->v[i], NULL);

		EXPECT_EQ(0, msgs->v[i].context.len);
		strbuf_printf(&got, "%s\n", m);
		free(m);
	}
	text = strbuf_take(&got);
	runner_expect_str_eq(file, line, what, want, text);
	free(text);
}
