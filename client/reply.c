/* SPDX-License-Identifier: Apache-2.0 */
#include "client/reply.h"

#include <stdbool.h>

enum {
	/* a transaction's answer nests 4 deep: response, op, range, key-value */
	REPLY_DEPTH = 16,
	WIRE_VARINT = 0,
	WIRE_FIXED64 = 1,
	WIRE_BYTES = 2,
	WIRE_FIXED32 = 5,
};

struct reply_bytes {
	const uint8_t *at;
	const uint8_t *end;
};

static bool reply_varint(struct reply_bytes *b, uint64_t *v)
{
	*v = 0;
	for (unsigned shift = 0; shift < 64 && b->at < b->end; shift += 7) {
		*v |= (uint64_t)(*b->at & 0x7f) << shift;
		if (*b->at++ < 0x80)
			return true;
	}
	return false;
}

/* reply_shallow walks over one message. Every byte is looked at once per
 * level, REPLY_DEPTH times at most. */
static bool reply_shallow(
	struct reply_bytes b, const ProtobufCMessageDescriptor *type, unsigned depth)
{
	const ProtobufCFieldDescriptor *field;
	uint64_t tag, len;

	if (depth > REPLY_DEPTH)
		return false;
	while (b.at < b.end) {
		if (!reply_varint(&b, &tag))
			return false;
		switch (tag & 7) {
		case WIRE_VARINT:
			if (!reply_varint(&b, &len))
				return false;
			continue;
		case WIRE_FIXED64:
			len = 8;
			break;
		case WIRE_FIXED32:
			len = 4;
			break;
		case WIRE_BYTES:
			if (!reply_varint(&b, &len))
				return false;
			break;
		default:
			return false;
		}
		if (len > (uint64_t)(b.end - b.at))
			return false;
		field = tag >> 3 > UINT32_MAX ? NULL
					      : protobuf_c_message_descriptor_get_field(
							type, (unsigned)(tag >> 3));
		if ((tag & 7) == WIRE_BYTES && field && field->type == PROTOBUF_C_TYPE_MESSAGE &&
			!reply_shallow((struct reply_bytes){b.at, b.at + len}, field->descriptor,
				depth + 1))
			return false;
		b.at += len;
	}
	return true;
}

ProtobufCMessage *reply_unpack(
	struct pool *p, const ProtobufCMessageDescriptor *type, const uint8_t *data, size_t len)
{
	if (!reply_shallow((struct reply_bytes){data, data + len}, type, 1))
		return NULL;
	return protobuf_c_message_unpack(type, &p->protobuf, len, data);
}
