/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_PBWIRE_H
#define SERVER_PBWIRE_H

/*
 * The protobuf wire format by hand, for the two kinds of records that are
 * written and read for every single request: those of the WAL and the pairs
 * of the store. They have a handful of fixed fields, and here they can be
 * written straight into the buffer that goes to disk and read where they lie,
 * without an allocation. Everything else uses protobuf-c.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	PBWIRE_VARINT = 0,
	PBWIRE_FIXED64 = 1,
	PBWIRE_BYTES = 2,
	PBWIRE_FIXED32 = 5,
	PBWIRE_MAX_VARINT = 10, /* bytes */
};

static inline size_t pbwire_varint_size(uint64_t v)
{
	/* 7 bits a byte; v | 1 so that 0 takes one */
	return (size_t)(64 - __builtin_clzll(v | 1) + 6) / 7;
}

static inline unsigned char *pbwire_put_varint(unsigned char *p, uint64_t v)
{
	while (v >= 0x80) {
		*p++ = (unsigned char)(v | 0x80);
		v >>= 7;
	}
	*p++ = (unsigned char)v;
	return p;
}

/* pbwire_put_uint writes a varint field with a number below 16. */
static inline unsigned char *pbwire_put_uint(unsigned char *p, unsigned number, uint64_t v)
{
	*p++ = (unsigned char)(number << 3 | PBWIRE_VARINT);
	return pbwire_put_varint(p, v);
}

/* pbwire_put_bytes writes a bytes field with a number below 16. */
static inline unsigned char *pbwire_put_bytes(
	unsigned char *p, unsigned number, const void *data, size_t len)
{
	*p++ = (unsigned char)(number << 3 | PBWIRE_BYTES);
	p = pbwire_put_varint(p, len);
	if (len)
		memcpy(p, data, len);
	return p + len;
}

/* pbwire_get_varint reads a varint at *p and moves *p behind it.
 * Returns: false if it does not end before end or is longer than 64 bits. */
static inline bool pbwire_get_varint(const unsigned char **p, const unsigned char *end, uint64_t *v)
{
	const unsigned char *q = *p;
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		if (q == end)
			return false;
		value |= (uint64_t)(*q & 0x7f) << shift;
		if (!(*q++ & 0x80)) {
			*p = q;
			*v = value;
			return true;
		}
	}
	return false;
}

struct pbwire_field {
	uint64_t number;
	unsigned type;
	uint64_t value;            /* of a varint */
	const unsigned char *data; /* of bytes: a view, */
	size_t len;                /* of that length */
};

/* pbwire_next reads the field at *p and moves *p behind it. Groups are
 * refused. Returns: false if it is malformed; call it only while *p < end. */
static inline bool pbwire_next(
	const unsigned char **p, const unsigned char *end, struct pbwire_field *f)
{
	uint64_t tag;

	if (!pbwire_get_varint(p, end, &tag))
		return false;
	f->number = tag >> 3;
	f->type = tag & 7;
	f->value = 0;
	f->data = NULL;
	f->len = 0;
	if (f->number == 0)
		return false;
	switch (f->type) {
	case PBWIRE_VARINT:
		return pbwire_get_varint(p, end, &f->value);
	case PBWIRE_BYTES: {
		uint64_t len;

		if (!pbwire_get_varint(p, end, &len) || len > (uint64_t)(end - *p))
			return false;
		f->data = *p;
		f->len = (size_t)len;
		*p += len;
		return true;
	}
	case PBWIRE_FIXED64:
	case PBWIRE_FIXED32: {
		ptrdiff_t size = f->type == PBWIRE_FIXED64 ? 8 : 4;

		if (end - *p < size)
			return false;
		*p += size;
		return true;
	}
	default:
		return false;
	}
}

#endif
