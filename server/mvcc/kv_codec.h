/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_MVCC_KV_CODEC_H
#define SERVER_MVCC_KV_CODEC_H

/* mvccpb.KeyValue as stored: proto3, ascending fields, zeros left out, which
 * are the very bytes that etcd stores and hashes. */

#include "server/mvcc/kvstore.h"

/* kv_encoded_size is the number of bytes that kv_encode writes. */
size_t kv_encoded_size(const struct mvcc_kv *kv);
void kv_encode(const struct mvcc_kv *kv, void *out);

/* kv_decode reads a pair. Ownership: key and value of *kv are views into data.
 * Returns: false if it is malformed. Unknown fields are skipped. */
bool kv_decode(const void *data, size_t len, struct mvcc_kv *kv);

#endif
