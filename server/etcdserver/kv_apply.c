/* SPDX-License-Identifier: Apache-2.0 */
#include "server/etcdserver/kv_apply.h"

#include <stdlib.h>
#include <string.h>

#include "server/bytes.h"
#include "server/etcdserver/kv_apply_internal.h"
#include "server/util.h"

static enum rpc_error mvcc_to_rpc(enum mvcc_error err)
{
	return err == MVCC_ERR_COMPACTED    ? RPC_COMPACTED
	       : err == MVCC_ERR_FUTURE_REV ? RPC_FUTURE_REV
					    : RPC_OK;
}

Etcdserverpb__ResponseHeader *kv_apply_new_header(struct kv_apply *a, int64_t rev)
{
	Etcdserverpb__ResponseHeader *h = arena_alloc(a->arena, sizeof *h);

	etcdserverpb__response_header__init(h);
	h->revision = rev;
	return h;
}

void kv_apply_pack(struct kv_apply *a, Etcdserverpb__ResponseHeader *header, ProtobufCMessage *resp,
	struct kv_reply *reply)
{
	header->cluster_id = a->cluster_id;
	header->member_id = a->member_id;
	header->raft_term = a->term;
	reply->len = protobuf_c_message_get_packed_size(resp);
	reply->data = xmalloc(reply->len);
	protobuf_c_message_pack(resp, reply->data);
}

static ProtobufCBinaryData borrow(const void *data, size_t len)
{
	return (ProtobufCBinaryData){len, (uint8_t *)(uintptr_t)data};
}

static void fill_kv(Mvccpb__KeyValue *out, const struct mvcc_kv *kv)
{
	mvccpb__key_value__init(out);
	out->key = borrow(kv->key, kv->key_len);
	out->value = borrow(kv->value, kv->value_len);
	out->create_revision = kv->create_revision;
	out->mod_revision = kv->mod_revision;
	out->version = kv->version;
	out->lease = kv->lease;
}

static Mvccpb__KeyValue **fill_kvs(struct kv_apply *a, const struct mvcc_kv *kvs, size_t n)
{
	Mvccpb__KeyValue **list = arena_alloc(a->arena, n * sizeof *list + 1);
	Mvccpb__KeyValue *all = arena_alloc(a->arena, n * sizeof *all + 1);

	for (size_t i = 0; i < n; i++) {
		fill_kv(&all[i], &kvs[i]);
		list[i] = &all[i];
	}
	return list;
}

/* --- range ------------------------------------------------------------------- */

static bool outside(const Etcdserverpb__RangeRequest *r, const struct mvcc_kv *kv)
{
	return (r->max_mod_revision && kv->mod_revision > r->max_mod_revision) ||
	       (r->min_mod_revision && kv->mod_revision < r->min_mod_revision) ||
	       (r->max_create_revision && kv->create_revision > r->max_create_revision) ||
	       (r->min_create_revision && kv->create_revision < r->min_create_revision);
}

struct order {
	Etcdserverpb__RangeRequest__SortTarget target;
	bool descending;
};

static int int64_compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int kv_compare(const void *pa, const void *pb, void *arg)
{
	const struct mvcc_kv *a = pa, *b = pb;
	const struct order *order = arg;
	int c = 0;

	switch (order->target) {
	case ETCDSERVERPB__RANGE_REQUEST__SORT_TARGET__VERSION:
		c = int64_compare(a->version, b->version);
		break;
	case ETCDSERVERPB__RANGE_REQUEST__SORT_TARGET__CREATE:
		c = int64_compare(a->create_revision, b->create_revision);
		break;
	case ETCDSERVERPB__RANGE_REQUEST__SORT_TARGET__MOD:
		c = int64_compare(a->mod_revision, b->mod_revision);
		break;
	case ETCDSERVERPB__RANGE_REQUEST__SORT_TARGET__VALUE:
		c = bytes_compare(a->value, a->value_len, b->value, b->value_len);
		break;
	default:
		c = bytes_compare(a->key, a->key_len, b->key, b->key_len);
	}
	if (c == 0) /* a tie keeps the order of keys, in both directions */
		return bytes_compare(a->key, a->key_len, b->key, b->key_len);
	return order->descending ? -c : c;
}

/* The filters, the order and the limit that the store does not know. */
static void refine(
	const Etcdserverpb__RangeRequest *r, struct kvstore_range_result *res, bool *more)
{
	if (r->min_mod_revision || r->max_mod_revision || r->min_create_revision ||
		r->max_create_revision) {
		size_t kept = 0;
		for (size_t i = 0; i < res->n; i++)
			if (!outside(r, &res->kvs[i]))
				res->kvs[kept++] = res->kvs[i];
		res->n = kept;
	}
	/* The store gives keys in ascending order; another target than the key means
	 * ascending, unless it is said otherwise. An order that there is not is none. */
	bool by_key = r->sort_target == ETCDSERVERPB__RANGE_REQUEST__SORT_TARGET__KEY;
	bool descending = r->sort_order == ETCDSERVERPB__RANGE_REQUEST__SORT_ORDER__DESCEND;
	bool ascending = r->sort_order == ETCDSERVERPB__RANGE_REQUEST__SORT_ORDER__ASCEND ||
			 r->sort_order == ETCDSERVERPB__RANGE_REQUEST__SORT_ORDER__NONE;
	if (res->n > 1 && (descending || (ascending && !by_key))) {
		struct order order = {r->sort_target, descending};
		qsort_r(res->kvs, res->n, sizeof *res->kvs, kv_compare, &order);
	}
	if (r->limit > 0 && res->n > (uint64_t)r->limit) {
		res->n = (size_t)r->limit;
		*more = true;
	}
}

enum rpc_error kv_apply_op_range(struct kv_apply *a, struct kvstore_read *tr,
	const Etcdserverpb__RangeRequest *r, Etcdserverpb__RangeResponse **out)
{
	/* What is sorted or filtered has to be read whole; otherwise one more
	 * than asked for, which tells whether there are more. */
	bool whole = r->sort_order != ETCDSERVERPB__RANGE_REQUEST__SORT_ORDER__NONE ||
		     r->min_mod_revision || r->max_mod_revision || r->min_create_revision ||
		     r->max_create_revision;
	struct kvstore_range_options opts = {
		.limit = whole || r->limit <= 0 || r->limit == INT64_MAX ? 0 : r->limit + 1,
		.rev = r->revision,
		.count_only = r->count_only,
	};
	struct kvstore_range_result res;
	enum mvcc_error err = kvstore_range(
		tr, r->key.data, r->key.len, r->range_end.data, r->range_end.len, &opts, &res);
	if (err != MVCC_OK) {
		kvstore_range_free(&res);
		return mvcc_to_rpc(err);
	}
	Etcdserverpb__RangeResponse *resp = arena_alloc(a->arena, sizeof *resp);
	etcdserverpb__range_response__init(resp);
	bool more = false;
	refine(r, &res, &more);
	resp->header = kv_apply_new_header(a, res.rev);
	resp->more = more;
	resp->count = res.count;
	if (r->keys_only)
		for (size_t i = 0; i < res.n; i++)
			res.kvs[i].value_len = 0;
	resp->n_kvs = res.n;
	resp->kvs = fill_kvs(a, res.kvs, res.n);
	kvstore_range_free(&res);
	*out = resp;
	return RPC_OK;
}

enum rpc_error kv_apply_range(
	struct kv_apply *a, const Etcdserverpb__RangeRequest *r, struct kv_reply *reply)
{
	struct kvstore_read tr;
	Etcdserverpb__RangeResponse *resp;

	kvstore_read_begin(a->kv, &tr);
	enum rpc_error err = kv_apply_op_range(a, &tr, r, &resp);
	if (err == RPC_OK && reply)
		kv_apply_pack(a, resp->header, &resp->base, reply);
	kvstore_read_end(&tr);
	return err;
}

/* --- put --------------------------------------------------------------------- */

enum rpc_error kv_apply_op_put(struct kv_apply *a, struct kvstore_write *tw,
	const Etcdserverpb__PutRequest *r, Etcdserverpb__PutResponse **out)
{
	struct kvstore_range_result prev = {0};
	const void *value = r->value.data;
	size_t value_len = r->value.len;
	int64_t lease = r->lease;

	if (r->ignore_value || r->ignore_lease || r->prev_kv) {
		struct kvstore_range_options opts = {0};
		kvstore_range(&tw->read, r->key.data, r->key.len, NULL, 0, &opts, &prev);
	}
	if ((r->ignore_value || r->ignore_lease) && prev.n == 0) {
		kvstore_range_free(&prev);
		return RPC_KEY_NOT_FOUND;
	}
	if (r->ignore_value) {
		value = prev.kvs[0].value;
		value_len = prev.kvs[0].value_len;
	}
	if (r->ignore_lease)
		lease = prev.kvs[0].lease;
	Etcdserverpb__PutResponse *resp = arena_alloc(a->arena, sizeof *resp);
	etcdserverpb__put_response__init(resp);
	if (r->prev_kv && prev.n)
		resp->prev_kv = *fill_kvs(a, prev.kvs, 1);
	resp->header = kv_apply_new_header(
		a, kvstore_put(tw, r->key.data, r->key.len, value, value_len, lease));
	kvstore_range_free(&prev);
	*out = resp;
	return RPC_OK;
}

enum rpc_error kv_apply_put(
	struct kv_apply *a, const Etcdserverpb__PutRequest *r, struct kv_reply *reply)
{
	struct kvstore_write tw;
	Etcdserverpb__PutResponse *resp;

	if (r->lease) /* there are no leases yet */
		return RPC_LEASE_NOT_FOUND;
	kvstore_write_begin(a->kv, &tw);
	enum rpc_error err = kv_apply_op_put(a, &tw, r, &resp);
	if (err == RPC_OK && reply)
		kv_apply_pack(a, resp->header, &resp->base, reply);
	kvstore_write_end(&tw);
	return err;
}

/* --- delete ------------------------------------------------------------------ */

void kv_apply_op_delete_range(struct kv_apply *a, struct kvstore_write *tw,
	const Etcdserverpb__DeleteRangeRequest *r, Etcdserverpb__DeleteRangeResponse **out)
{
	Etcdserverpb__DeleteRangeResponse *resp = arena_alloc(a->arena, sizeof *resp);

	etcdserverpb__delete_range_response__init(resp);
	if (r->prev_kv) {
		struct kvstore_range_options opts = {0};
		struct kvstore_range_result prev;
		kvstore_range(&tw->read, r->key.data, r->key.len, r->range_end.data,
			r->range_end.len, &opts, &prev);
		resp->n_prev_kvs = prev.n;
		resp->prev_kvs = fill_kvs(a, prev.kvs, prev.n);
		kvstore_range_free(&prev);
	}
	resp->deleted = kvstore_delete_range(
		tw, r->key.data, r->key.len, r->range_end.data, r->range_end.len);
	resp->header = kv_apply_new_header(a, kvstore_write_rev(tw));
	*out = resp;
}

enum rpc_error kv_apply_delete_range(
	struct kv_apply *a, const Etcdserverpb__DeleteRangeRequest *r, struct kv_reply *reply)
{
	struct kvstore_write tw;
	Etcdserverpb__DeleteRangeResponse *resp;

	kvstore_write_begin(a->kv, &tw);
	kv_apply_op_delete_range(a, &tw, r, &resp);
	if (reply)
		kv_apply_pack(a, resp->header, &resp->base, reply);
	kvstore_write_end(&tw);
	return RPC_OK;
}

/* --- compact ----------------------------------------------------------------- */

enum rpc_error kv_apply_compact(
	struct kv_apply *a, const Etcdserverpb__CompactionRequest *r, struct kv_reply *reply)
{
	enum rpc_error err = mvcc_to_rpc(kvstore_compact(a->kv, r->revision));

	if (err == RPC_OK && reply) {
		Etcdserverpb__CompactionResponse resp = ETCDSERVERPB__COMPACTION_RESPONSE__INIT;
		resp.header = kv_apply_new_header(a, kvstore_rev(a->kv));
		kv_apply_pack(a, resp.header, &resp.base, reply);
	}
	return err;
}
