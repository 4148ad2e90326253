/* SPDX-License-Identifier: Apache-2.0 */
#include "server/v3rpc/depth.h"

#include <stdlib.h>
#include <string.h>

#include "raft/rafttest/runner.h"
#include "server/etcdserverpb/rpc.pb-c.h"
#include "server/util.h"

static size_t varint(uint8_t *p, size_t v)
{
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		p[n++] = (uint8_t)(v | 0x80);
	p[n++] = (uint8_t)v;
	return n;
}

/* A TxnRequest with `levels` txns inside each other, built from the inside. */
static struct xbuf nested(int levels)
{
	struct xbuf inner = {0};

	xbuf_append(&inner, "", 0);
	for (int i = 0; i < 2 * levels; i++) {
		uint8_t head[12] = {
			i % 2 ? 0x12 : 0x22}; /* TxnRequest.success, RequestOp.request_txn */
		struct xbuf outer = {0};
		xbuf_append(&outer, head, 1 + varint(head + 1, inner.len));
		xbuf_append(&outer, inner.data, inner.len);
		xbuf_free(&inner);
		inner = outer;
	}
	return inner;
}

static bool shallow(int levels)
{
	struct xbuf b = nested(levels);
	bool ok = depth_check(
		&etcdserverpb__txn_request__descriptor, (uint8_t *)b.data, b.len, RPC_DEPTH_MAX);

	xbuf_free(&b);
	return ok;
}

TEST(depth_of_nested_txns)
{
	EXPECT(shallow(0));
	EXPECT(shallow(128));
	EXPECT(!shallow(150));
	EXPECT(!shallow(5000));
}

/* Messages without messages inside are not even looked at. */
TEST(depth_of_flat_messages)
{
	EXPECT(depth_check(
		&etcdserverpb__put_request__descriptor, (const uint8_t *)"\xff\xff", 2, 1));
}

/* What is broken is left to the unpacker, which refuses it without recursion. */
TEST(depth_of_broken_messages)
{
	static const char *const broken[] = {"\x12", "\x12\x05\x01",
		"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "\x0b",
		"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80", "\x09\x01", "\x0d\x01"};

	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		const uint8_t *p = (const uint8_t *)broken[i];
		EXPECT(depth_check(&etcdserverpb__txn_request__descriptor, p, strlen(broken[i]),
			RPC_DEPTH_MAX));
		EXPECT(!etcdserverpb__txn_request__unpack(NULL, strlen(broken[i]), p));
	}
}
