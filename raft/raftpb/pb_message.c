/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages as bytes.
 */
#include "raft/raftpb/pb_internal.h"

enum {
	MESSAGE_TYPE = 1,
	MESSAGE_TO,
	MESSAGE_FROM,
	MESSAGE_TERM,
	MESSAGE_LOG_TERM,
	MESSAGE_INDEX,
	MESSAGE_ENTRIES,
	MESSAGE_COMMIT,
	MESSAGE_SNAPSHOT,
	MESSAGE_REJECT,
	MESSAGE_REJECT_HINT,
	MESSAGE_CONTEXT,
	MESSAGE_VOTE,
	MESSAGE_RESPONSES,
};

/* A storage message has responses, and these have none. More nesting is nobody's
 * message but an attack on the stack. */
#define MESSAGE_MAX_DEPTH 2

/* ---- Writing ------------------------------------------------------------ */

size_t raftpb_message_size(const struct raft_message *m)
{
	size_t size = pb_uint_size(m->type) + pb_uint_size(m->to) + pb_uint_size(m->from) +
		      pb_uint_size(m->term) + pb_uint_size(m->log_term) + pb_uint_size(m->index) +
		      pb_uint_size(m->commit) + pb_uint_size(m->reject) +
		      pb_uint_size(m->reject_hint) + pb_uint_size(m->vote);
	for (uint32_t i = 0; i < m->entries.len; i++)
		size += pb_bytes_size(raft_entry_size(&m->entries.v[i]));
	if (m->snapshot)
		size += pb_bytes_size(raftpb_snapshot_size(m->snapshot));
	if (m->context.len)
		size += pb_bytes_size(m->context.len);
	for (uint32_t i = 0; i < m->responses.len; i++)
		size += pb_bytes_size(raftpb_message_size(&m->responses.v[i]));
	return size;
}

size_t raftpb_message_encode(const struct raft_message *m, void *out)
{
	unsigned char *p = out;
	p = pb_put_uint(p, MESSAGE_TYPE, m->type);
	p = pb_put_uint(p, MESSAGE_TO, m->to);
	p = pb_put_uint(p, MESSAGE_FROM, m->from);
	p = pb_put_uint(p, MESSAGE_TERM, m->term);
	p = pb_put_uint(p, MESSAGE_LOG_TERM, m->log_term);
	p = pb_put_uint(p, MESSAGE_INDEX, m->index);
	for (uint32_t i = 0; i < m->entries.len; i++) {
		const struct raft_entry *e = &m->entries.v[i];
		p = pb_put_header(p, MESSAGE_ENTRIES, raft_entry_size(e));
		p += raftpb_entry_encode(e, p);
	}
	p = pb_put_uint(p, MESSAGE_COMMIT, m->commit);
	if (m->snapshot) {
		p = pb_put_header(p, MESSAGE_SNAPSHOT, raftpb_snapshot_size(m->snapshot));
		p += raftpb_snapshot_encode(m->snapshot, p);
	}
	p = pb_put_uint(p, MESSAGE_REJECT, m->reject);
	p = pb_put_uint(p, MESSAGE_REJECT_HINT, m->reject_hint);
	if (m->context.len)
		p = pb_put_bytes(p, MESSAGE_CONTEXT, raft_context_data(&m->context), m->context.len);
	p = pb_put_uint(p, MESSAGE_VOTE, m->vote);
	for (uint32_t i = 0; i < m->responses.len; i++) {
		const struct raft_message *resp = &m->responses.v[i];
		p = pb_put_header(p, MESSAGE_RESPONSES, raftpb_message_size(resp));
		p += raftpb_message_encode(resp, p);
	}
	return (size_t)(p - (unsigned char *)out);
}

/* ---- Reading ------------------------------------------------------------ */

/* count_entries gives the number of entries that stand in a row, from one on that
 * was just read. All of a message's do, so that one allocation is right. */
static size_t count_entries(struct pb_reader r)
{
	size_t n = 1;
	struct pb_field f;
	while (r.p < r.end && *r.p == PB_BYTES(MESSAGE_ENTRIES) && pb_read_field(&r, &f))
		n++;
	return n;
}

/* read_entries reads the entry in f and those that follow it right away. */
static bool read_entries(struct raft_buf *block, struct pb_reader *r, struct pb_field f,
	struct raft_entries *ents)
{
	size_t n = count_entries(*r);
	unsigned refs = 0;
	bool ok;

	ents->v = raft_grow(ents->v, &ents->cap, ents->len + n, sizeof(*ents->v));
	for (;;) {
		struct raft_entry *e = &ents->v[ents->len];
		ok = pb_entry_read(block, pb_read_sub(&f), e);
		if (!ok)
			break;
		refs += e->buf != NULL;
		ents->len++;
		if (--n == 0)
			break;
		pb_read_field(r, &f); /* well-formed: it was counted */
	}
	block->refs += refs;
	return ok;
}

static enum raft_error message_read(
	struct raft_buf *block, struct pb_reader r, unsigned depth, struct raft_message *m);

static enum raft_error read_snapshot(
	struct raft_buf *block, const struct pb_field *f, struct raft_message *m)
{
	static const struct raft_snapshot_metadata zero;
	if (!m->snapshot)
		m->snapshot = raft_snapshot_new(&zero, NULL);
	return pb_snapshot_merge(block, pb_read_sub(f), m->snapshot);
}

static enum raft_error read_response(struct raft_buf *block, const struct pb_field *f,
	unsigned depth, struct raft_message *m)
{
	if (depth + 1 >= MESSAGE_MAX_DEPTH)
		return RAFT_ERR_MALFORMED;
	struct raft_message resp = {0};
	enum raft_error err = message_read(block, pb_read_sub(f), depth + 1, &resp);
	raft_messages_push(&m->responses, &resp); /* also on error: m is freed as a whole */
	return err;
}

/* message_read reads into *m, which is all zeros; on error it holds some of it. */
static enum raft_error message_read(
	struct raft_buf *block, struct pb_reader r, unsigned depth, struct raft_message *m)
{
	while (r.p < r.end) {
		struct pb_field f;
		enum raft_error err = RAFT_OK;
		if (!pb_read_field(&r, &f))
			return RAFT_ERR_MALFORMED;
		switch (f.tag) {
		case PB_VARINT(MESSAGE_TYPE):
			if (f.v > MSG_FORGET_LEADER)
				return RAFT_ERR_MALFORMED;
			m->type = (enum raft_message_type)f.v;
			break;
		case PB_VARINT(MESSAGE_TO):
			m->to = f.v;
			break;
		case PB_VARINT(MESSAGE_FROM):
			m->from = f.v;
			break;
		case PB_VARINT(MESSAGE_TERM):
			m->term = f.v;
			break;
		case PB_VARINT(MESSAGE_LOG_TERM):
			m->log_term = f.v;
			break;
		case PB_VARINT(MESSAGE_INDEX):
			m->index = f.v;
			break;
		case PB_BYTES(MESSAGE_ENTRIES):
			if (!read_entries(block, &r, f, &m->entries))
				return RAFT_ERR_MALFORMED;
			break;
		case PB_VARINT(MESSAGE_COMMIT):
			m->commit = f.v;
			break;
		case PB_BYTES(MESSAGE_SNAPSHOT):
			err = read_snapshot(block, &f, m);
			break;
		case PB_VARINT(MESSAGE_REJECT):
			m->reject = f.v != 0;
			break;
		case PB_VARINT(MESSAGE_REJECT_HINT):
			m->reject_hint = f.v;
			break;
		case PB_BYTES(MESSAGE_CONTEXT):
			raft_context_free(&m->context); /* the last one counts */
			raft_context_set(&m->context, f.data, f.v);
			break;
		case PB_VARINT(MESSAGE_VOTE):
			m->vote = f.v;
			break;
		case PB_BYTES(MESSAGE_RESPONSES):
			err = read_response(block, &f, depth, m);
			break;
		default:
			if (!pb_is_unknown(&f, MESSAGE_RESPONSES))
				return RAFT_ERR_MALFORMED;
		}
		if (err)
			return err;
	}
	return RAFT_OK;
}

enum raft_error raftpb_message_decode(
	struct raft_buf *block, size_t offset, size_t len, struct raft_message *m)
{
	struct pb_reader r = {.p = block->data + offset, .end = block->data + offset + len};
	*m = (struct raft_message){0};
	enum raft_error err = message_read(block, r, 0, m);
	if (err)
		raft_message_free(m);
	return err;
}
