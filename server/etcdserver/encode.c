/* SPDX-License-Identifier: Apache-2.0 */
/* The payloads of normal entries. A request arrives encoded and goes into the
 * log as it came, wrapped: it is copied once, and never encoded again. */
#include <string.h>

#include "server/etcdserver/internal.h"
#include "server/etcdserverpb/etcdserver.pb-c.h"

enum { HEADER_FIELD = 100, WIRE_VARINT = 0, WIRE_BYTES = 2 };

static unsigned char *put_varint(unsigned char *p, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		*p++ = (unsigned char)(v | 0x80);
	*p++ = (unsigned char)v;
	return p;
}

struct raft_buf *etcdserver_encode_proposal(
	unsigned field, const uint8_t *request, size_t len, uint64_t id)
{
	unsigned char head[16], tail[32], header[16], *p;

	p = put_varint(head, field << 3 | WIRE_BYTES);
	size_t head_len = (size_t)(put_varint(p, len) - head);
	p = put_varint(header, 1 << 3 | WIRE_VARINT); /* RequestHeader.ID */
	size_t header_len = (size_t)(put_varint(p, id) - header);
	p = put_varint(tail, HEADER_FIELD << 3 | WIRE_BYTES);
	p = put_varint(p, header_len);
	memcpy(p, header, header_len);
	size_t tail_len = (size_t)(p - tail) + header_len;

	struct raft_buf *buf = raft_buf_new(head_len + len + tail_len);
	memcpy(buf->data, head, head_len);
	if (len)
		memcpy(buf->data + head_len, request, len);
	memcpy(buf->data + head_len + len, tail, tail_len);
	return buf;
}

struct raft_buf *etcdserver_encode_v2(uint64_t id, const char *path, const char *val)
{
	Etcdserverpb__Request r = ETCDSERVERPB__REQUEST__INIT;

	r.id = id;
	r.method = (char *)(uintptr_t) "PUT";
	r.path = (char *)(uintptr_t)path;
	r.val = (char *)(uintptr_t)val;
	struct raft_buf *buf = raft_buf_new(etcdserverpb__request__get_packed_size(&r));
	etcdserverpb__request__pack(&r, buf->data);
	return buf;
}
