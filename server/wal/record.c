/* SPDX-License-Identifier: Apache-2.0 */
#include "server/wal/record.h"

#include <endian.h>
#include <string.h>

#include "server/pbwire.h"
#include "server/wal/crc32c.h"

uint64_t wal_frame_length(uint64_t len)
{
	uint64_t pad = -len & 7;

	return pad ? len | (0x80 | pad) << 56 : len;
}

bool wal_frame_parse(uint64_t field, uint64_t *len, unsigned *pad)
{
	*len = field & ~((uint64_t)0xff << 56);
	*pad = field >> 56 & 7;
	return *len && field == wal_frame_length(*len);
}

bool wal_record_parse(const unsigned char *p, size_t len, struct wal_record *rec)
{
	const unsigned char *end = p + len;
	struct pbwire_field f;
	unsigned seen = 0;

	*rec = (struct wal_record){0};
	while (p < end) {
		if (!pbwire_next(&p, end, &f))
			return false;
		if (f.number == 1 && f.type == PBWIRE_VARINT)
			rec->type = (int64_t)f.value;
		else if (f.number == 2 && f.type == PBWIRE_VARINT && f.value <= UINT32_MAX)
			rec->crc = (uint32_t)f.value;
		else if (f.number == 3 && f.type == PBWIRE_BYTES) {
			rec->data = f.data;
			rec->len = f.len;
		} else {
			return false;
		}
		seen |= 1u << f.number;
	}
	return (seen & 6) == 6; /* a type and a CRC */
}

bool wal_record_plausible(const unsigned char *p, size_t avail, uint64_t len)
{
	const unsigned char *start = p, *end = p + avail;
	uint64_t tag, value;

	/* Field by field, until the head ends or turns into zeros that were
	 * never overwritten: these cannot contradict. */
	while (p < end && (uint64_t)(p - start) < len) {
		if (*p == 0)
			return true;
		if (!pbwire_get_varint(&p, end, &tag) || !pbwire_get_varint(&p, end, &value))
			return p == end || end - p < PBWIRE_MAX_VARINT;
		if (tag == (3 << 3 | PBWIRE_BYTES))
			/* a number that ends in a zero byte was cut off inside */
			return p[-1] == 0 || (uint64_t)(p - start) + value == len;
		if (tag != (1 << 3 | PBWIRE_VARINT) && tag != (2 << 3 | PBWIRE_VARINT))
			return false;
	}
	return (uint64_t)(p - start) == len || p == end;
}

/* Appends the record of type type whose data is a and b joined: an entry is a
 * few fields of its own and a payload that is copied only once this way. */
static void encode(struct xbuf *out, uint32_t *crc, enum wal_record_type type, const void *a,
	size_t a_len, const void *b, size_t b_len)
{
	unsigned char *start, *p;
	uint64_t field, size;

	*crc = crc32c(crc32c(*crc, a, a_len), b, b_len);
	start = (unsigned char *)xbuf_reserve(out, a_len + b_len + 64);
	p = start + WAL_LENGTH_BYTES;
	p = pbwire_put_uint(p, 1, type);
	p = pbwire_put_uint(p, 2, *crc);
	if (type != WAL_RECORD_CRC) {
		*p++ = 3 << 3 | PBWIRE_BYTES;
		p = pbwire_put_varint(p, a_len + b_len);
		memcpy(p, a, a_len);
		p += a_len;
		if (b_len)
			memcpy(p, b, b_len);
		p += b_len;
	}
	size = (uint64_t)(p - start) - WAL_LENGTH_BYTES;
	field = htole64(wal_frame_length(size));
	memcpy(start, &field, sizeof(field));
	while (size++ % 8)
		*p++ = 0;
	out->len += (size_t)(p - start);
}

void wal_encode_crc(struct xbuf *out, uint32_t crc)
{
	encode(out, &crc, WAL_RECORD_CRC, NULL, 0, NULL, 0);
}

/* The messages below are proto2 with fields that are always present: a zero is
 * written, too. */

void wal_encode_metadata(struct xbuf *out, uint32_t *crc, const struct wal_metadata *md)
{
	unsigned char buf[32], *p = buf;

	p = pbwire_put_uint(p, 1, md->node_id);
	p = pbwire_put_uint(p, 2, md->cluster_id);
	encode(out, crc, WAL_RECORD_METADATA, buf, (size_t)(p - buf), NULL, 0);
}

void wal_encode_entry(struct xbuf *out, uint32_t *crc, const struct raft_entry *e)
{
	unsigned char head[64], *p = head;
	size_t len = e->data ? e->len : 0;

	/* raftpb.Entry { 1: type, 2: term, 3: index, 4: data } */
	p = pbwire_put_uint(p, 1, e->type);
	p = pbwire_put_uint(p, 2, e->term);
	p = pbwire_put_uint(p, 3, e->index);
	if (e->data) {
		*p++ = 4 << 3 | PBWIRE_BYTES;
		p = pbwire_put_varint(p, len);
	}
	encode(out, crc, WAL_RECORD_ENTRY, head, (size_t)(p - head), e->data, len);
}

void wal_encode_state(struct xbuf *out, uint32_t *crc, const struct raft_hard_state *hs)
{
	unsigned char buf[48], *p = buf;

	p = pbwire_put_uint(p, 1, hs->term);
	p = pbwire_put_uint(p, 2, hs->vote);
	p = pbwire_put_uint(p, 3, hs->commit);
	encode(out, crc, WAL_RECORD_STATE, buf, (size_t)(p - buf), NULL, 0);
}

void wal_encode_snapshot(struct xbuf *out, uint32_t *crc, struct wal_snapshot snap)
{
	unsigned char buf[32], *p = buf;

	p = pbwire_put_uint(p, 1, snap.index);
	p = pbwire_put_uint(p, 2, snap.term);
	encode(out, crc, WAL_RECORD_SNAPSHOT, buf, (size_t)(p - buf), NULL, 0);
}

/* Reads a message whose fields 1..n are integers into v[1..n], which the
 * caller has zeroed, and keeps the bytes of field n + 1 if bytes is not NULL. */
static bool decode_fields(
	const struct wal_record *rec, uint64_t *v, unsigned n, struct pbwire_field *bytes)
{
	const unsigned char *p = rec->data, *end = p + rec->len;
	struct pbwire_field f;

	if (rec->len == 0)
		return false;
	while (p < end) {
		if (!pbwire_next(&p, end, &f))
			return false;
		if (f.number <= n && f.type == PBWIRE_VARINT)
			v[f.number] = f.value;
		else if (f.number == n + 1 && f.type == PBWIRE_BYTES && bytes)
			*bytes = f;
		else
			return false;
	}
	return true;
}

bool wal_decode_metadata(const struct wal_record *rec, struct wal_metadata *md)
{
	uint64_t v[3] = {0};

	if (!decode_fields(rec, v, 2, NULL))
		return false;
	*md = (struct wal_metadata){.node_id = v[1], .cluster_id = v[2]};
	return true;
}

bool wal_decode_entry(const struct wal_record *rec, struct raft_entry *e)
{
	uint64_t v[4] = {0};
	struct pbwire_field data = {0};

	if (!decode_fields(rec, v, 3, &data))
		return false;
	if (v[1] > RAFT_ENTRY_CONF_CHANGE_V2 || v[2] == 0 || v[3] == 0)
		return false;
	/* Only leaving a joint configuration is said without a payload. */
	if (v[1] == RAFT_ENTRY_CONF_CHANGE && !data.data)
		return false;
	*e = (struct raft_entry){.type = (enum raft_entry_type)v[1], .term = v[2], .index = v[3]};
	if (data.len) {
		e->buf = raft_buf_new(data.len);
		memcpy(e->buf->data, data.data, data.len);
		e->data = e->buf->data;
		e->len = (uint32_t)data.len;
	}
	return true;
}

bool wal_decode_state(const struct wal_record *rec, struct raft_hard_state *hs)
{
	uint64_t v[4] = {0};

	if (!decode_fields(rec, v, 3, NULL) || v[1] == 0)
		return false;
	*hs = (struct raft_hard_state){.term = v[1], .vote = v[2], .commit = v[3]};
	return true;
}

bool wal_decode_snapshot(const struct wal_record *rec, struct wal_snapshot *snap)
{
	uint64_t v[3] = {0};

	if (!decode_fields(rec, v, 2, NULL))
		return false;
	*snap = (struct wal_snapshot){.index = v[1], .term = v[2]};
	return true;
}
