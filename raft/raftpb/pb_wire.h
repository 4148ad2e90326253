/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protobuf wire format by hand, for what carries payloads: messages,
 * entries, snapshots. protobuf-c copies each bytes field into memory of its own,
 * where a payload shall be a view into the block that was received; and it costs
 * an allocation and 60-80 ns per entry, where a message of 64 entries is what a
 * busy server reads and writes all the time. What carries no payload is left to
 * protobuf-c and raft.pb-c.c.
 *
 * A field is told by its tag: PB_VARINT(2) is field 2 as a varint, PB_BYTES(4)
 * field 4 as a length and so many bytes. All our numbers are below 16, so each
 * tag is one byte.
 */
#ifndef RAFT_RAFTPB_PB_WIRE_H
#define RAFT_RAFTPB_PB_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define PB_VARINT(number) ((number) << 3)
#define PB_BYTES(number) ((number) << 3 | 2)

/* ---- Writing ------------------------------------------------------------ */

/* pb_varint_size is the number of bytes of v: seven bits to a byte. For the 64
 * possible numbers of bits, (9 * bits + 64) / 64 is bits / 7, rounded up, without
 * a division. */
static inline size_t pb_varint_size(uint64_t v)
{
	unsigned bits = 64 - (unsigned)__builtin_clzll(v | 1);
	return (9 * bits + 64) / 64;
}

/* pb_uint_size and pb_bytes_size are the sizes of whole fields. */
static inline size_t pb_uint_size(uint64_t v)
{
	return 1 + pb_varint_size(v);
}

static inline size_t pb_bytes_size(size_t len)
{
	return 1 + pb_varint_size(len) + len;
}

static inline unsigned char *pb_put_varint(unsigned char *p, uint64_t v)
{
	while (v >= 0x80) {
		*p++ = (unsigned char)(v | 0x80);
		v >>= 7;
	}
	*p++ = (unsigned char)v;
	return p;
}

static inline unsigned char *pb_put_uint(unsigned char *p, unsigned number, uint64_t v)
{
	*p++ = (unsigned char)PB_VARINT(number);
	return pb_put_varint(p, v);
}

/* pb_put_header begins a field of len bytes, which are to follow. */
static inline unsigned char *pb_put_header(unsigned char *p, unsigned number, size_t len)
{
	*p++ = (unsigned char)PB_BYTES(number);
	return pb_put_varint(p, len);
}

static inline unsigned char *pb_put_bytes(
	unsigned char *p, unsigned number, const void *data, size_t len)
{
	p = pb_put_header(p, number, len);
	if (len)
		memcpy(p, data, len);
	return p + len;
}

/* ---- Reading ------------------------------------------------------------ */

/* What is left to read. Invariant: p <= end; nothing at or after end is touched. */
struct pb_reader {
	const unsigned char *p, *end;
};

struct pb_field {
	uint32_t tag;
	uint64_t v;                /* a varint's value, or the number of bytes */
	const unsigned char *data; /* v bytes in the reader's block, if it is such a field */
};

/* pb_read_long_varint reads a varint of more than one byte, or none. */
static inline bool pb_read_long_varint(struct pb_reader *r, uint64_t *v)
{
	const unsigned char *p = r->p;
	uint64_t value = 0;
	/* Ten bytes hold 64 bits; what the tenth has beyond them is lost, as in
	 * every implementation. */
	for (unsigned shift = 0; shift < 70; shift += 7) {
		if (p == r->end)
			return false;
		value |= (uint64_t)(*p & 0x7f) << shift;
		if (*p++ < 0x80) {
			r->p = p;
			*v = value;
			return true;
		}
	}
	return false;
}

static inline bool pb_read_varint(struct pb_reader *r, uint64_t *v)
{
	if (r->p < r->end && *r->p < 0x80) {
		*v = *r->p++;
		return true;
	}
	return pb_read_long_varint(r, v);
}

/* pb_skip passes over n bytes. Returns: false if there are not so many. */
static inline bool pb_skip(struct pb_reader *r, uint64_t n)
{
	if (n > (uint64_t)(r->end - r->p))
		return false;
	r->p += n;
	return true;
}

/* pb_next_is passes over the next tag if it is that one. */
static inline bool pb_next_is(struct pb_reader *r, uint32_t tag)
{
	if (r->p == r->end || *r->p != tag)
		return false;
	r->p++;
	return true;
}

/* pb_read_field reads one field, of any number. Groups, which proto2 gave up
 * before raft was written, are refused.
 *
 * Returns: false if the bytes are no field. */
static inline bool pb_read_field(struct pb_reader *r, struct pb_field *f)
{
	uint64_t tag;
	if (!pb_read_varint(r, &tag) || tag < PB_VARINT(1) || tag > UINT32_MAX)
		return false;
	*f = (struct pb_field){.tag = (uint32_t)tag};
	switch (tag & 7) {
	case 0:
		return pb_read_varint(r, &f->v);
	case 1:
		return pb_skip(r, 8);
	case 2:
		if (!pb_read_varint(r, &f->v))
			return false;
		f->data = r->p;
		return pb_skip(r, f->v);
	case 5:
		return pb_skip(r, 4);
	default:
		return false;
	}
}

/* pb_read_sub makes a reader of the bytes of field f. */
static inline struct pb_reader pb_read_sub(const struct pb_field *f)
{
	return (struct pb_reader){.p = f->data, .end = f->data + f->v};
}

/* pb_is_unknown tells whether a field that was not recognised may be skipped:
 * its number is above the last one that we know. A known number in another wire
 * type is an error, as it is to the original. */
static inline bool pb_is_unknown(const struct pb_field *f, unsigned last_number)
{
	return f->tag >> 3 > last_number;
}

#endif
