/* SPDX-License-Identifier: Apache-2.0 */
/* kv_apply: what the requests of the KV service do to the store, and what is
 * answered (etcd's apply.go). Everything here runs in the apply thread.
 *
 * A function either does all that the request says, or nothing: whatever can be
 * wrong is found before the first write. */
#ifndef SERVER_ETCDSERVER_KV_APPLY_H
#define SERVER_ETCDSERVER_KV_APPLY_H

#include "server/arena.h"
#include "server/etcdserverpb/rpc.pb-c.h"
#include "server/mvcc/kvstore.h"
#include "server/v3rpc/rpctypes.h"

/* An encoded answer; data is malloc'd. */
struct kv_reply {
	uint8_t *data;
	size_t len;
};

struct kv_apply {
	struct kvstore *kv;
	struct arena *arena; /* for answers under construction; reset by the caller */
	/* What stands in the header of each answer, besides the revision. */
	uint64_t cluster_id, member_id, term;
};

/* Each of these fills in *reply if it returns RPC_OK and reply is not NULL
 * (nobody waits for the answer, as when the log is replayed). The caller frees
 * reply->data. */
enum rpc_error kv_apply_range(
	struct kv_apply *a, const Etcdserverpb__RangeRequest *r, struct kv_reply *reply);
enum rpc_error kv_apply_put(
	struct kv_apply *a, const Etcdserverpb__PutRequest *r, struct kv_reply *reply);
enum rpc_error kv_apply_delete_range(
	struct kv_apply *a, const Etcdserverpb__DeleteRangeRequest *r, struct kv_reply *reply);
enum rpc_error kv_apply_txn(
	struct kv_apply *a, const Etcdserverpb__TxnRequest *r, struct kv_reply *reply);

/* kv_apply_compact starts a compaction; the room is given back later. */
enum rpc_error kv_apply_compact(
	struct kv_apply *a, const Etcdserverpb__CompactionRequest *r, struct kv_reply *reply);

#endif
