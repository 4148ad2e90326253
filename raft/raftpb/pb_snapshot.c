/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Snapshots as bytes. Their payload is a view, like an entry's; it may be large.
 */
#include "raft/raftpb/pb_internal.h"

enum { SNAPSHOT_DATA = 1, SNAPSHOT_METADATA };
enum { METADATA_CONF_STATE = 1, METADATA_INDEX, METADATA_TERM };

static size_t metadata_size(const struct raft_snapshot_metadata *md)
{
	return pb_bytes_size(raftpb_conf_state_size(&md->conf_state)) + pb_uint_size(md->index) +
	       pb_uint_size(md->term);
}

size_t raftpb_snapshot_size(const struct raft_snapshot *snap)
{
	size_t size = pb_bytes_size(metadata_size(&snap->metadata));
	if (snap->data)
		size += pb_bytes_size(snap->len);
	return size;
}

size_t raftpb_snapshot_encode(const struct raft_snapshot *snap, void *out)
{
	const struct raft_snapshot_metadata *md = &snap->metadata;
	unsigned char *p = out;
	if (snap->data)
		p = pb_put_bytes(p, SNAPSHOT_DATA, snap->data, snap->len);
	p = pb_put_header(p, SNAPSHOT_METADATA, metadata_size(md));
	p = pb_put_header(p, METADATA_CONF_STATE, raftpb_conf_state_size(&md->conf_state));
	p += raftpb_conf_state_encode(&md->conf_state, p);
	p = pb_put_uint(p, METADATA_INDEX, md->index);
	p = pb_put_uint(p, METADATA_TERM, md->term);
	return (size_t)(p - (unsigned char *)out);
}

static enum raft_error metadata_merge(struct pb_reader r, struct raft_snapshot_metadata *md)
{
	enum raft_error err;
	while (r.p < r.end) {
		struct pb_field f;
		if (!pb_read_field(&r, &f))
			return RAFT_ERR_MALFORMED;
		switch (f.tag) {
		case PB_BYTES(METADATA_CONF_STATE):
			err = pb_conf_state_merge(f.data, f.v, &md->conf_state);
			if (err)
				return err;
			break;
		case PB_VARINT(METADATA_INDEX):
			md->index = f.v;
			break;
		case PB_VARINT(METADATA_TERM):
			md->term = f.v;
			break;
		default:
			if (!pb_is_unknown(&f, METADATA_TERM))
				return RAFT_ERR_MALFORMED;
		}
	}
	return RAFT_OK;
}

enum raft_error pb_snapshot_merge(
	struct raft_buf *block, struct pb_reader r, struct raft_snapshot *snap)
{
	enum raft_error err;
	while (r.p < r.end) {
		struct pb_field f;
		if (!pb_read_field(&r, &f))
			return RAFT_ERR_MALFORMED;
		switch (f.tag) {
		case PB_BYTES(SNAPSHOT_DATA):
			if (!snap->buf)
				snap->buf = raft_buf_ref(block);
			snap->data = f.data;
			snap->len = f.v;
			break;
		case PB_BYTES(SNAPSHOT_METADATA):
			err = metadata_merge(pb_read_sub(&f), &snap->metadata);
			if (err)
				return err;
			break;
		default:
			if (!pb_is_unknown(&f, SNAPSHOT_METADATA))
				return RAFT_ERR_MALFORMED;
		}
	}
	return RAFT_OK;
}

enum raft_error raftpb_snapshot_decode(
	struct raft_buf *block, size_t offset, size_t len, struct raft_snapshot **snap)
{
	struct pb_reader r = {.p = block->data + offset, .end = block->data + offset + len};
	static const struct raft_snapshot_metadata zero;
	*snap = raft_snapshot_new(&zero, NULL);
	enum raft_error err = pb_snapshot_merge(block, r, *snap);
	if (err) {
		raft_snapshot_unref(*snap);
		*snap = NULL;
	}
	return err;
}
