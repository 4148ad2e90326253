/* SPDX-License-Identifier: Apache-2.0 */
#include "server/v3rpc/depth.h"

struct reader {
	const uint8_t *p, *end;
};

static bool read_varint(struct reader *r, uint64_t *v)
{
	*v = 0;
	for (int shift = 0; shift < 64 && r->p < r->end; shift += 7) {
		uint8_t byte = *r->p++;
		*v |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return true;
	}
	return false;
}

static bool skip(struct reader *r, uint64_t n)
{
	if (n > (uint64_t)(r->end - r->p))
		return false;
	r->p += n;
	return true;
}

static bool has_messages(const ProtobufCMessageDescriptor *desc)
{
	for (unsigned i = 0; i < desc->n_fields; i++)
		if (desc->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
			return true;
	return false;
}

bool depth_check(const ProtobufCMessageDescriptor *desc, const uint8_t *data, size_t len, int max)
{
	struct reader r = {data, data + len};

	if (max <= 0)
		return false;
	if (!has_messages(desc))
		return true;
	while (r.p < r.end) {
		uint64_t key, n;
		if (!read_varint(&r, &key))
			return true;
		switch (key & 7) {
		case 0:
			if (!read_varint(&r, &n))
				return true;
			break;
		case 1:
			if (!skip(&r, 8))
				return true;
			break;
		case 5:
			if (!skip(&r, 4))
				return true;
			break;
		case 2: {
			if (!read_varint(&r, &n))
				return true;
			const uint8_t *body = r.p;
			if (!skip(&r, n))
				return true;
			const ProtobufCFieldDescriptor *f =
				key >> 3 > UINT32_MAX ? NULL
						      : protobuf_c_message_descriptor_get_field(
								desc, (unsigned)(key >> 3));
			if (f && f->type == PROTOBUF_C_TYPE_MESSAGE &&
				!depth_check(f->descriptor, body, (size_t)n, max - 1))
				return false;
			break;
		}
		default:
			return true;
		}
	}
	return true;
}
