/* SPDX-License-Identifier: Apache-2.0 */
/* json_pb: JSON to protobuf and back, for any message, from protobuf-c's
 * descriptors; the mapping of the grpc-gateway that etcd 3.4 uses:
 *
 *   64-bit integers   strings; read also as numbers
 *   bytes             base64
 *   enums             their names; read also as numbers
 *   fields            under their own name; read also in lowerCamelCase
 *   zero values       left out, null is read as absent, unknown names ignored
 *
 * Error texts are those of Go's packages where they can be known. */
#ifndef SERVER_HTTP_JSON_PB_H
#define SERVER_HTTP_JSON_PB_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

#include "server/arena.h"
#include "server/json_text.h"

/* json_pb_decode makes a message of type desc of the text json[0..len). What
 * follows the first JSON value is ignored, and an empty text is an empty message,
 * as in the original.
 *
 * Ownership:  *msg lives in arena, and is never to be freed by protobuf-c.
 * Returns:    false if that cannot be done; error says why. */
bool json_pb_decode(const ProtobufCMessageDescriptor *desc, const char *json, size_t len,
	struct arena *arena, ProtobufCMessage **msg, char *error, size_t error_size);

/* json_pb_encode appends msg as a JSON object. */
void json_pb_encode(const ProtobufCMessage *msg, struct json_text *out);

#endif
