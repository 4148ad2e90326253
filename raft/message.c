/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages: what they hold, and what kinds of them there are.
 */
#include "raft/raft_internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- Contexts ----------------------------------------------------------- */

void raft_context_set(struct raft_context *c, const void *data, size_t len)
{
	c->len = (uint32_t)len;
	if (len == 0)
		return;
	if (len > RAFT_CONTEXT_INLINE) {
		c->u.buf = raft_buf_new(len);
		memcpy(c->u.buf->data, data, len);
	} else {
		memcpy(c->u.bytes, data, len);
	}
}

void raft_context_copy(struct raft_context *c, const struct raft_context *from)
{
	*c = *from;
	if (c->len > RAFT_CONTEXT_INLINE)
		raft_buf_ref(c->u.buf);
}

void raft_context_free(struct raft_context *c)
{
	if (c->len > RAFT_CONTEXT_INLINE)
		raft_buf_unref(c->u.buf);
	c->len = 0;
}

bool raft_context_equal(const struct raft_context *c, const void *data, size_t len)
{
	return c->len == len && (len == 0 || memcmp(raft_context_data(c), data, len) == 0);
}

/* ---- Messages ----------------------------------------------------------- */

struct raft_message raft_message_copy(const struct raft_message *m)
{
	struct raft_message out = *m;

	out.entries = (struct raft_entries){0};
	raft_entries_append(&out.entries, m->entries.v, m->entries.len);
	if (m->snapshot)
		raft_snapshot_ref(m->snapshot);
	raft_context_copy(&out.context, &m->context);
	out.responses = (struct raft_messages){0};
	for (uint32_t i = 0; i < m->responses.len; i++) {
		struct raft_message resp = raft_message_copy(&m->responses.v[i]);
		raft_messages_push(&out.responses, &resp);
	}
	return out;
}

void raft_message_free(struct raft_message *m)
{
	if (m->entries.v)
		raft_entries_free(&m->entries);
	if (m->snapshot)
		raft_snapshot_unref(m->snapshot);
	raft_context_free(&m->context);
	if (m->responses.v)
		raft_messages_free(&m->responses);
	*m = (struct raft_message){0};
}

void raft_messages_push(struct raft_messages *ms, struct raft_message *m)
{
	raft_messages_move_in(ms, m);
}

void raft_messages_clear(struct raft_messages *ms)
{
	raft_messages_drop(ms);
}

void raft_messages_free(struct raft_messages *ms)
{
	raft_messages_clear(ms);
	free(ms->v);
	*ms = (struct raft_messages){0};
}

/* ---- Kinds -------------------------------------------------------------- */

const char *raft_message_type_name(enum raft_message_type type)
{
	static const char *const names[] = {
#define X(name, text) [name] = text,
		RAFT_MESSAGE_TYPES(X)
#undef X
	};
	if ((size_t)type >= sizeof(names) / sizeof(names[0]))
		return "unknown message type";
	return names[type];
}

bool raft_is_local_msg(enum raft_message_type type)
{
	switch (type) {
	case MSG_HUP:
	case MSG_BEAT:
	case MSG_UNREACHABLE:
	case MSG_SNAP_STATUS:
	case MSG_CHECK_QUORUM:
	case MSG_STORAGE_APPEND:
	case MSG_STORAGE_APPEND_RESP:
	case MSG_STORAGE_APPLY:
	case MSG_STORAGE_APPLY_RESP:
		return true;
	default:
		return false;
	}
}

bool raft_is_response_msg(enum raft_message_type type)
{
	switch (type) {
	case MSG_APP_RESP:
	case MSG_VOTE_RESP:
	case MSG_HEARTBEAT_RESP:
	case MSG_UNREACHABLE:
	case MSG_READ_INDEX_RESP:
	case MSG_PRE_VOTE_RESP:
	case MSG_STORAGE_APPEND_RESP:
	case MSG_STORAGE_APPLY_RESP:
		return true;
	default:
		return false;
	}
}

bool raft_is_local_msg_target(raft_id id)
{
	return id == RAFT_LOCAL_APPEND_THREAD || id == RAFT_LOCAL_APPLY_THREAD;
}

enum raft_message_type raft_vote_resp_msg_type(enum raft_message_type msgt)
{
	switch (msgt) {
	case MSG_VOTE:
		return MSG_VOTE_RESP;
	case MSG_PRE_VOTE:
		return MSG_PRE_VOTE_RESP;
	default:
		raft_panicf(NULL, "not a vote message: %s", raft_message_type_name(msgt));
	}
}
