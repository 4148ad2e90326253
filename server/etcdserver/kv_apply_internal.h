/* SPDX-License-Identifier: Apache-2.0 */
/* What kv_apply.c (single requests) and kv_apply_txn.c (transactions) share. */
#ifndef SERVER_ETCDSERVER_KV_APPLY_INTERNAL_H
#define SERVER_ETCDSERVER_KV_APPLY_INTERNAL_H

#include "server/etcdserver/kv_apply.h"

/* kv_apply_new_header makes the short header of an answer inside a txn: the
 * revision alone. */
Etcdserverpb__ResponseHeader *kv_apply_new_header(struct kv_apply *a, int64_t rev);

/* kv_apply_pack completes the header and encodes the answer. */
void kv_apply_pack(struct kv_apply *a, Etcdserverpb__ResponseHeader *header, ProtobufCMessage *resp,
	struct kv_reply *reply);

/* The operations, inside a transaction that the caller has begun. *resp is made
 * in the arena and borrows keys and values from the transaction. */
enum rpc_error kv_apply_op_range(struct kv_apply *a, struct kvstore_read *tr,
	const Etcdserverpb__RangeRequest *r, Etcdserverpb__RangeResponse **resp);
enum rpc_error kv_apply_op_put(struct kv_apply *a, struct kvstore_write *tw,
	const Etcdserverpb__PutRequest *r, Etcdserverpb__PutResponse **resp);
void kv_apply_op_delete_range(struct kv_apply *a, struct kvstore_write *tw,
	const Etcdserverpb__DeleteRangeRequest *r, Etcdserverpb__DeleteRangeResponse **resp);

#endif
