/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries as bytes. The hottest code of the encoding: see pb_wire.h.
 */
#include "raft/raftpb/pb_internal.h"

enum { ENTRY_TYPE = 1, ENTRY_TERM, ENTRY_INDEX, ENTRY_DATA };

size_t raftpb_entry_size(const struct raft_entry *e)
{
	return raft_entry_size(e);
}

size_t raftpb_entry_encode(const struct raft_entry *e, void *out)
{
	unsigned char *p = out;
	p = pb_put_uint(p, ENTRY_TYPE, e->type);
	p = pb_put_uint(p, ENTRY_TERM, e->term);
	p = pb_put_uint(p, ENTRY_INDEX, e->index);
	if (e->data)
		p = pb_put_bytes(p, ENTRY_DATA, e->data, e->len);
	return (size_t)(p - (unsigned char *)out);
}

/* read_in_order reads what stands as everybody writes it: type, term, index, data.
 * That is all of an entry, as a rule, and goes twice as fast as the loop below,
 * which reads whatever is left. Returns: false if a value is malformed. */
static inline bool read_in_order(
	struct raft_buf *block, struct pb_reader *r, struct raft_entry *e)
{
	uint64_t type = 0, term = 0, index = 0, len;

	if (pb_next_is(r, PB_VARINT(ENTRY_TYPE)) &&
		(!pb_read_varint(r, &type) || type > RAFT_ENTRY_CONF_CHANGE_V2))
		return false;
	if (pb_next_is(r, PB_VARINT(ENTRY_TERM)) && !pb_read_varint(r, &term))
		return false;
	if (pb_next_is(r, PB_VARINT(ENTRY_INDEX)) && !pb_read_varint(r, &index))
		return false;
	*e = (struct raft_entry){
		.type = (enum raft_entry_type)type, .term = term, .index = index};
	if (pb_next_is(r, PB_BYTES(ENTRY_DATA))) {
		if (!pb_read_varint(r, &len))
			return false;
		e->data = r->p;
		e->len = (uint32_t)len; /* no more than block->len, if it is right */
		e->buf = block;
		return pb_skip(r, len);
	}
	return true;
}

bool pb_entry_read(struct raft_buf *block, struct pb_reader r, struct raft_entry *e)
{
	if (!read_in_order(block, &r, e))
		return false;
	while (r.p < r.end) {
		struct pb_field f;
		if (!pb_read_field(&r, &f))
			return false;
		switch (f.tag) {
		case PB_VARINT(ENTRY_TYPE):
			if (f.v > RAFT_ENTRY_CONF_CHANGE_V2)
				return false;
			e->type = (enum raft_entry_type)f.v;
			break;
		case PB_VARINT(ENTRY_TERM):
			e->term = f.v;
			break;
		case PB_VARINT(ENTRY_INDEX):
			e->index = f.v;
			break;
		case PB_BYTES(ENTRY_DATA):
			e->data = f.data;
			e->len = (uint32_t)f.v;
			e->buf = block;
			break;
		default:
			if (!pb_is_unknown(&f, ENTRY_DATA))
				return false;
		}
	}
	return true;
}

enum raft_error raftpb_entry_decode(
	struct raft_buf *block, size_t offset, size_t len, struct raft_entry *e)
{
	struct pb_reader r = {.p = block->data + offset, .end = block->data + offset + len};
	if (!pb_entry_read(block, r, e)) {
		*e = (struct raft_entry){0};
		return RAFT_ERR_MALFORMED;
	}
	raft_buf_ref(e->buf);
	return RAFT_OK;
}
