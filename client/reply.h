/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_REPLY_H
#define CLIENT_REPLY_H

#include "client/util.h"

/* reply_unpack decodes a message that came from outside. protobuf-c descends
 * into nested messages as deep as the sender likes, and with them the stack
 * goes; so the nesting is measured first.
 *
 * Ownership: the message lives in p.
 * Returns:   NULL if the bytes are no message of the type, or nest deeper than
 *            any answer to a request of ours can. */
ProtobufCMessage *reply_unpack(
	struct pool *p, const ProtobufCMessageDescriptor *type, const uint8_t *data, size_t len);

#endif
