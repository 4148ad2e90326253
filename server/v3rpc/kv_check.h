/* SPDX-License-Identifier: Apache-2.0 */
/* kv_check: what a KV request must fulfil before it may enter the log; the
 * checks of etcd's v3rpc/key.go, in their order, with their errors. */
#ifndef SERVER_V3RPC_KV_CHECK_H
#define SERVER_V3RPC_KV_CHECK_H

#include <stdbool.h>

#include "server/etcdserverpb/rpc.pb-c.h"
#include "server/v3rpc/rpctypes.h"

enum rpc_error kv_check_range(const Etcdserverpb__RangeRequest *r);
enum rpc_error kv_check_put(const Etcdserverpb__PutRequest *r);
enum rpc_error kv_check_delete_range(const Etcdserverpb__DeleteRangeRequest *r);

/* kv_check_txn also looks into nested requests: at most max_ops operations on
 * any path from the outermost to the innermost, and no key that is put twice,
 * or put and deleted. Two branches of which only one can run may put the same.
 *
 * As in etcd, a delete that goes on to the end of the key space (range_end of
 * one NUL) is not seen to overlap with anything.
 *
 * Requires:   a nesting that depth_check() allows. */
enum rpc_error kv_check_txn(const Etcdserverpb__TxnRequest *r, unsigned max_ops);

/* txn_is_readonly: nothing but ranges, directly in the two branches.
 * txn_is_serializable: all of them serializable. */
bool kv_txn_is_readonly(const Etcdserverpb__TxnRequest *r);
bool kv_txn_is_serializable(const Etcdserverpb__TxnRequest *r);

#endif
