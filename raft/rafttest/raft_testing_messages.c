/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Helpers of white-box tests: messages, and the time between sending and being
 * stable.
 */
#include "raft/rafttest/raft_testing.h"

#include <stdlib.h>
#include <string.h>

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
