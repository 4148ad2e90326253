/* SPDX-License-Identifier: Apache-2.0 */
#include "client/reply.h"

#include <string.h>

#include "raft/rafttest/runner.h"
#include "server/etcdserverpb/rpc.pb-c.h"

static bool unpacks(const char *bytes, size_t len)
{
	struct pool p;
	bool ok;

	pool_init(&p);
	ok = reply_unpack(&p, &etcdserverpb__txn_response__descriptor, (const uint8_t *)bytes,
		     len) != NULL;
	pool_free(&p);
	return ok;
}

#define UNPACKS(s) unpacks(s, sizeof(s) - 1)

TEST(reply_unpack_refuses_what_is_malformed)
{
	EXPECT(UNPACKS(""));
	EXPECT(UNPACKS("\x10\x01"));
	EXPECT(UNPACKS("\x0a\x02\x18\x07\x10\x01"));
	EXPECT(UNPACKS("\xaa\x3f\x03xyz")); /* an unknown field */
	EXPECT(!UNPACKS("\x10"));
	EXPECT(!UNPACKS("\x0a\x05\x18\x07"));
	EXPECT(!UNPACKS("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f"));
	EXPECT(!UNPACKS("\x0f"));
	EXPECT(!UNPACKS("\x0b\x0c"));
	EXPECT(!UNPACKS("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
}

/* nest wraps a transaction's answer into another one, as its only response. */
static size_t nest(uint8_t *to, const uint8_t *from, size_t len)
{
	to[0] = 3 << 3 | 2; /* TxnResponse.responses */
	to[1] = (uint8_t)(len + 2);
	to[2] = 4 << 3 | 2; /* ResponseOp.response_txn */
	to[3] = (uint8_t)len;
	memcpy(to + 4, from, len);
	return len + 4;
}

TEST(reply_unpack_refuses_what_nests_too_deep)
{
	uint8_t bytes[2][256];
	size_t len = 0;
	int levels;

	for (levels = 0; levels < 30; levels++) {
		if (!unpacks((char *)bytes[levels % 2], len))
			break;
		len = nest(bytes[(levels + 1) % 2], bytes[levels % 2], len);
	}
	EXPECT_EQ(8, levels); /* two messages each */
}
