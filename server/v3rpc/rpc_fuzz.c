/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a request: measured, unpacked, checked and, if it is valid,
 * applied to a small store, and the answer shown as JSON. The first byte chooses
 * the method. */
#include <stdint.h>
#include <stdlib.h>

#include "server/etcdserver/kv_apply.h"
#include "server/http/json_pb.h"
#include "server/testdir.h"
#include "server/v3rpc/depth.h"
#include "server/v3rpc/kv_check.h"
#include "server/v3rpc/service.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_TXN_OPS = 128 };

static char *dir;
static struct backend *backend;
static struct kvstore *kv;
static struct arena requests, replies;

static void clean_up(void)
{
	kvstore_close(kv);
	backend_close(backend);
	testdir_remove(dir);
	arena_free(&requests);
	arena_free(&replies);
}

static void set_up(void)
{
	char *error;

	dir = testdir_make();
	char *path = xasprintf("%s/db", dir);
	if (!backend_open(path, 0, &backend, &error) || !kvstore_open(backend, &kv, &error))
		abort();
	free(path);
	arena_init(&requests);
	arena_init(&replies);
	atexit(clean_up);
}

static void show(const ProtobufCMessage *msg)
{
	struct json_text t = {0};

	json_pb_encode(msg, &t);
	json_text_free(&t);
}

static enum rpc_error apply(
	const struct rpc_method *m, const ProtobufCMessage *msg, struct kv_reply *reply)
{
	struct kv_apply a = {.kv = kv, .arena = &replies};
	const void *r = msg;
	enum rpc_error err;

	if (m->request == &etcdserverpb__range_request__descriptor)
		return (err = kv_check_range(r)) ? err : kv_apply_range(&a, r, reply);
	if (m->request == &etcdserverpb__put_request__descriptor)
		return (err = kv_check_put(r)) ? err : kv_apply_put(&a, r, reply);
	if (m->request == &etcdserverpb__delete_range_request__descriptor)
		return (err = kv_check_delete_range(r)) ? err : kv_apply_delete_range(&a, r, reply);
	if (m->request == &etcdserverpb__txn_request__descriptor)
		return (err = kv_check_txn(r, MAX_TXN_OPS)) ? err : kv_apply_txn(&a, r, reply);
	if (m->request == &etcdserverpb__compaction_request__descriptor)
		return kv_apply_compact(&a, r, reply);
	return RPC_STOPPED;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kv_reply reply = {0};

	if (!dir)
		set_up();
	if (size == 0)
		return 0;
	const struct rpc_method *m = &rpc_methods[data[0] % rpc_methods_len];
	if (!depth_check(m->request, data + 1, size - 1, RPC_DEPTH_MAX))
		return 0;
	ProtobufCMessage *msg =
		protobuf_c_message_unpack(m->request, &requests.protobuf, size - 1, data + 1);
	if (msg) {
		show(msg);
		if (apply(m, msg, &reply) == RPC_OK) {
			ProtobufCMessage *resp = protobuf_c_message_unpack(
				m->response, &replies.protobuf, reply.len, reply.data);
			if (!resp)
				abort();
			show(resp);
		}
		free(reply.data);
		kvstore_tick(kv, util_mono_ns());
	}
	arena_reset(&requests);
	arena_reset(&replies);
	return 0;
}
