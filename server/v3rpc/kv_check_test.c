/* SPDX-License-Identifier: Apache-2.0 */
/* The requests are written in JSON, which the gateway's decoder reads. */
#include "server/v3rpc/kv_check.h"

#include <stdlib.h>
#include <string.h>

#include "raft/rafttest/runner.h"
#include "server/http/json_pb.h"
#include "server/util.h"

static struct arena arena;

/* In the JSON, keys stand as 'a'; base64 of one letter is made of them here. */
static char *expand(const char *s)
{
	struct json_text t = {0};

	for (; *s; s++) {
		if (*s != '\'') {
			json_text_putc(&t, *s);
			continue;
		}
		const char *end = strchr(s + 1, '\'');
		bool nul = strncmp(s + 1, "NUL", 3) == 0;
		json_text_base64(
			&t, (const uint8_t *)(nul ? "" : s + 1), nul ? 1 : (size_t)(end - s - 1));
		s = end;
	}
	json_text_putc(&t, 0);
	return t.data;
}

static enum rpc_error check_txn(const char *text, unsigned max_ops)
{
	ProtobufCMessage *msg;
	char error[256], *json = expand(text);

	arena_init(&arena);
	if (!json_pb_decode(&etcdserverpb__txn_request__descriptor, json, strlen(json), &arena,
		    &msg, error, sizeof error))
		FAIL("%s: %s", json, error);
	enum rpc_error err = kv_check_txn((Etcdserverpb__TxnRequest *)msg, max_ops);
	arena_free(&arena);
	free(json);
	return err;
}

#define PUT(k) "{\"request_put\":{\"key\":'" k "'}}"
#define DEL(k) "{\"request_delete_range\":{\"key\":'" k "'}}"
#define DEL_RANGE(k, e) "{\"request_delete_range\":{\"key\":'" k "',\"range_end\":'" e "'}}"
#define GET(k) "{\"request_range\":{\"key\":'" k "'}}"
#define TXN(then, otherwise)                                                                       \
	"{\"request_txn\":{\"success\":[" then "],\"failure\":[" otherwise "]}}"
#define THEN(ops) "{\"success\":[" ops "]}"

TEST(kv_check_single_requests)
{
	uint8_t k[] = "k";
	Etcdserverpb__RangeRequest range = ETCDSERVERPB__RANGE_REQUEST__INIT;
	Etcdserverpb__PutRequest put = ETCDSERVERPB__PUT_REQUEST__INIT;
	Etcdserverpb__DeleteRangeRequest del = ETCDSERVERPB__DELETE_RANGE_REQUEST__INIT;

	EXPECT_EQ(RPC_EMPTY_KEY, kv_check_range(&range));
	EXPECT_EQ(RPC_EMPTY_KEY, kv_check_put(&put));
	EXPECT_EQ(RPC_EMPTY_KEY, kv_check_delete_range(&del));
	put.key = (ProtobufCBinaryData){1, k};
	EXPECT_EQ(RPC_OK, kv_check_put(&put));
	put.value = (ProtobufCBinaryData){1, k};
	put.ignore_value = true;
	EXPECT_EQ(RPC_VALUE_PROVIDED, kv_check_put(&put));
	put.ignore_value = false;
	put.ignore_lease = true;
	put.lease = 5;
	EXPECT_EQ(RPC_LEASE_PROVIDED, kv_check_put(&put));
}

TEST(kv_check_txn_operations)
{
	EXPECT_EQ(RPC_OK, check_txn("{}", 128));
	EXPECT_EQ(RPC_OK, check_txn(THEN(PUT("a") "," GET("a") "," DEL("b")), 3));
	EXPECT_EQ(RPC_TOO_MANY_OPS, check_txn(THEN(PUT("a") "," GET("a") "," DEL("b")), 2));
	EXPECT_EQ(RPC_EMPTY_KEY, check_txn(THEN("{\"request_put\":{}}"), 128));
	EXPECT_EQ(RPC_EMPTY_KEY, check_txn("{\"compare\":[{}]}", 128));
	EXPECT_EQ(RPC_KEY_NOT_FOUND, check_txn(THEN("{}"), 128));
	/* what nests takes from what is left */
	EXPECT_EQ(RPC_OK, check_txn(THEN(TXN(PUT("a"), "")), 2));
	EXPECT_EQ(RPC_TOO_MANY_OPS, check_txn(THEN(TXN(PUT("a"), "")), 1));
}

TEST(kv_check_txn_duplicates)
{
	EXPECT_EQ(RPC_DUPLICATE_KEY, check_txn(THEN(PUT("a") "," PUT("a")), 128));
	EXPECT_EQ(RPC_DUPLICATE_KEY, check_txn(THEN(PUT("a") "," DEL("a")), 128));
	EXPECT_EQ(RPC_DUPLICATE_KEY, check_txn(THEN(DEL_RANGE("a", "c") "," PUT("b")), 128));
	EXPECT_EQ(RPC_OK, check_txn(THEN(DEL_RANGE("a", "c") "," PUT("c")), 128));
	EXPECT_EQ(RPC_OK, check_txn(THEN(DEL("a") "," DEL("a")), 128));
	EXPECT_EQ(RPC_OK, check_txn(THEN(DEL("a") "," PUT("aa")), 128));
	EXPECT_EQ(
		RPC_OK, check_txn("{\"success\":[" PUT("a") "],\"failure\":[" PUT("a") "]}", 128));
	EXPECT_EQ(RPC_DUPLICATE_KEY, check_txn("{\"failure\":[" PUT("a") "," PUT("a") "]}", 128));
	/* overlapping deletes become one */
	EXPECT_EQ(RPC_DUPLICATE_KEY, check_txn(THEN(DEL_RANGE("d", "f") "," DEL_RANGE("a",
						       "e") "," DEL_RANGE("x", "y") "," PUT("c")),
					     128));
	/* a delete up to the end of all keys is not seen, as in etcd */
	EXPECT_EQ(RPC_OK, check_txn(THEN(DEL_RANGE("a", "NUL") "," PUT("b")), 128));
}

TEST(kv_check_txn_duplicates_in_nested)
{
	EXPECT_EQ(RPC_DUPLICATE_KEY, check_txn(THEN(PUT("a") "," TXN(PUT("a"), "")), 128));
	EXPECT_EQ(RPC_DUPLICATE_KEY, check_txn(THEN(PUT("a") "," TXN("", PUT("a"))), 128));
	/* of then and else only one can run */
	EXPECT_EQ(RPC_OK, check_txn(THEN(TXN(PUT("a"), PUT("a"))), 128));
	EXPECT_EQ(RPC_DUPLICATE_KEY, check_txn(THEN(TXN(PUT("a"), "") "," TXN("", PUT("a"))), 128));
	EXPECT_EQ(RPC_DUPLICATE_KEY, check_txn(THEN(DEL("a") "," TXN(PUT("a"), "")), 128));
	EXPECT_EQ(RPC_DUPLICATE_KEY, check_txn(THEN(TXN(DEL("a"), "") "," PUT("a")), 128));
	EXPECT_EQ(RPC_DUPLICATE_KEY, check_txn(THEN(TXN(DEL("a"), "") "," TXN(PUT("a"), "")), 128));
	/* but not the other way round: etcd looks at the txns one after the other */
	EXPECT_EQ(RPC_OK, check_txn(THEN(TXN(PUT("a"), "") "," TXN(DEL("a"), "")), 128));
}

/* As many operations as fit into the largest request must not take long. */
TEST(kv_check_txn_large)
{
	struct json_text t = {0};

	json_text_puts(&t, "{\"success\":[");
	for (int i = 0; i < 60; i++) {
		json_text_puts(&t, i ? "," : "");
		json_text_puts(&t, "{\"request_txn\":{\"success\":[");
		for (int j = 0; j < 60; j++) {
			json_text_puts(&t,
				j ? ",{\"request_put\":{\"key\":" : "{\"request_put\":{\"key\":");
			json_text_base64(&t, (uint8_t[]){(uint8_t)i, (uint8_t)j}, 2);
			json_text_puts(&t, "}}");
		}
		json_text_puts(&t, "]}}");
	}
	json_text_puts(&t, "]}");
	json_text_putc(&t, 0);
	EXPECT_EQ(RPC_OK, check_txn(t.data, 128));
	json_text_free(&t);
}

TEST(kv_txn_kinds)
{
	Etcdserverpb__RangeRequest range = ETCDSERVERPB__RANGE_REQUEST__INIT;
	Etcdserverpb__RequestOp op = ETCDSERVERPB__REQUEST_OP__INIT, *ops[] = {&op};
	Etcdserverpb__TxnRequest txn = ETCDSERVERPB__TXN_REQUEST__INIT;

	EXPECT(kv_txn_is_readonly(&txn) && kv_txn_is_serializable(&txn));
	op.request_case = ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_RANGE;
	op.request_range = &range;
	txn.failure = ops;
	txn.n_failure = 1;
	EXPECT(kv_txn_is_readonly(&txn) && !kv_txn_is_serializable(&txn));
	range.serializable = true;
	EXPECT(kv_txn_is_serializable(&txn));
	op.request_case = ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_TXN;
	EXPECT(!kv_txn_is_readonly(&txn));
}
