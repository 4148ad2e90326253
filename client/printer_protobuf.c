/* SPDX-License-Identifier: Apache-2.0 */
#include "client/printer.h"

/* protobuf_reply writes the message itself, for programs that read it. */
static void protobuf_reply(struct ctl *ctl, const ProtobufCMessage *m)
{
	size_t len = protobuf_c_message_get_packed_size(m);
	uint8_t *bytes = pool_alloc(ctl->pool, len);

	protobuf_c_message_pack(m, bytes);
	fwrite(bytes, 1, len, ctl->out);
}

const struct printer printer_protobuf = {
	.name = "protobuf",
	.message = protobuf_reply,
};
