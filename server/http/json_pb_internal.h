/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_HTTP_JSON_PB_INTERNAL_H
#define SERVER_HTTP_JSON_PB_INTERNAL_H

#include "server/http/json_pb.h"

/* json_pb_size_of is how many bytes a value of this type takes in a message, or
 * in the array of a repeated field. */
static inline size_t json_pb_size_of(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_MESSAGE:
		return sizeof(void *);
	case PROTOBUF_C_TYPE_BOOL:
		return sizeof(protobuf_c_boolean);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		return 8;
	default:
		return 4;
	}
}

#endif
