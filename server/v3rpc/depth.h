/* SPDX-License-Identifier: Apache-2.0 */
/* depth: how deeply messages nest inside an encoded one.
 *
 * protobuf-c unpacks by recursion without any limit, so a Txn nested some
 * thousand times (34 KB) would overflow the stack. Whatever comes from outside
 * is measured before it is unpacked. */
#ifndef SERVER_V3RPC_DEPTH_H
#define SERVER_V3RPC_DEPTH_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RPC_DEPTH_MAX is more than a valid request can reach: a level of a Txn takes
 * two messages and at least one of the 128 operations that a Txn may have. A
 * larger --max-txn-ops does not raise it. */
enum { RPC_DEPTH_MAX = 300 };

/* depth_check tells whether the encoding data[0..len) of a message of type desc
 * nests messages less than max deep. Bytes that are no valid encoding are left
 * to the unpacker: true, if nothing before them was too deep. */
bool depth_check(const ProtobufCMessageDescriptor *desc, const uint8_t *data, size_t len, int max);

#endif
