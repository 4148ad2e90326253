/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Helpers of the tests of RawNode.
 */
#include "raft/rafttest/rawnode_testing.h"

#include <stdlib.h>

static void deferred_rawnode(void *p)
{
	raft_rawnode_free(p);
}

struct raft_rawnode *new_rawnode(const struct raft_config *c)
{
	struct raft_rawnode *rn;

	EXPECT_EQ(RAFT_OK, raft_rawnode_new(c, &rn));
	raft_testing_defer(deferred_rawnode, rn);
	return rn;
}

const struct raft_ready *rawnode_save(struct raft_rawnode *rn, struct raft_memory_storage *s)
{
	const struct raft_ready *rd = raft_rawnode_ready(rn);

	EXPECT_EQ(RAFT_OK, raft_memory_storage_append(s, rd->entries, rd->entries_len));
	return rd;
}

void rawnode_save_and_advance(struct raft_rawnode *rn, struct raft_memory_storage *s)
{
	rawnode_save(rn, s);
	raft_rawnode_advance(rn);
}

void rawnode_lead(struct raft_rawnode *rn, struct raft_memory_storage *s)
{
	EXPECT_EQ(RAFT_OK, raft_rawnode_campaign(rn));
	for (;;) {
		const struct raft_ready *rd = rawnode_save(rn, s);
		bool leads = rd->soft_state && rd->soft_state->lead == rn->raft->id;

		raft_rawnode_advance(rn);
		if (leads)
			return;
	}
}

void expect_ready_at(const char *file, int line, const char *want, const struct raft_ready *rd)
{
	struct raft_ready without = *rd;
	char *got;

	without.soft_state = NULL;
	got = raft_describe_ready(&without, NULL);
	runner_expect_str_eq(file, line, "Ready", want, got);
	free(got);
}

void expect_conf_state_at(
	const char *file, int line, const char *want, const struct raft_conf_state *cs)
{
	struct strbuf b = {0};

	raft_conf_state_string(cs, &b);
	runner_expect_str_eq(file, line, "ConfState", want, b.s);
	strbuf_free(&b);
}

struct raft_messages captured;

static void deferred_captured(void *p)
{
	raft_messages_free(p);
}

enum raft_error capture_step(struct raft *r, struct raft_message *m)
{
	if (m->type == MSG_APP_RESP && m->from == r->id)
		return RAFT_OK;
	if (!captured.v)
		raft_testing_defer(deferred_captured, &captured);
	raft_messages_push(&captured, m);
	return RAFT_OK;
}

static enum raft_error entries_of_any_size(struct raft_storage *s, raft_index lo, raft_index hi,
	uint64_t max_size, struct raft_entries *ents)
{
	static struct raft_memory_storage *plain;

	(void)max_size;
	if (!plain)
		plain = new_empty_memory_storage();
	return plain->base.ops->entries(s, lo, hi, RAFT_NO_LIMIT, ents);
}

void ignore_size_hint(struct ignore_size_hint_mem_storage *s, struct raft_memory_storage *ms)
{
	s->ms = ms;
	s->ops = *ms->base.ops;
	s->ops.entries = entries_of_any_size;
	ms->base.ops = &s->ops;
}
