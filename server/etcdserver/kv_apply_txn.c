/* SPDX-License-Identifier: Apache-2.0 */
/* Transactions. All comparisons, those of nested txns too, look at the state
 * before; so the path through the tree of txns is known before anything is
 * written, and everything on it can be checked first. */
#include <stdlib.h>
#include <string.h>

#include "server/bytes.h"
#include "server/etcdserver/kv_apply_internal.h"
#include "server/v3rpc/kv_check.h"

/* Which branch each txn takes, in the order in which they are met. */
struct path {
	struct arena *arena;
	bool *taken;
	size_t len, cap;
	size_t next; /* of the walk under way */
};

static void path_push(struct path *p, bool taken)
{
	if (p->len == p->cap) {
		bool *grown = arena_alloc(p->arena, (p->cap ? 2 * p->cap : 64));
		if (p->len)
			memcpy(grown, p->taken, p->len);
		p->taken = grown;
		p->cap = p->cap ? 2 * p->cap : 64;
	}
	p->taken[p->len++] = taken;
}

struct branch {
	Etcdserverpb__RequestOp **ops;
	size_t n;
};

static struct branch branch_of(const Etcdserverpb__TxnRequest *t, bool taken)
{
	return taken ? (struct branch){t->success, t->n_success}
		     : (struct branch){t->failure, t->n_failure};
}

/* --- comparing ----------------------------------------------------------------- */

static int int64_compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* How the target of kv stands to what the comparison names; an operand of
 * another kind than the target counts as none, as in etcd. */
static int target_compare(const Etcdserverpb__Compare *c, const struct mvcc_kv *kv)
{
	switch (c->target) {
	case ETCDSERVERPB__COMPARE__COMPARE_TARGET__VALUE: {
		bool given = c->target_union_case == ETCDSERVERPB__COMPARE__TARGET_UNION_VALUE;
		return bytes_compare(kv->value, kv->value_len, given ? c->value.data : NULL,
			given ? c->value.len : 0);
	}
	case ETCDSERVERPB__COMPARE__COMPARE_TARGET__CREATE:
		return int64_compare(kv->create_revision,
			c->target_union_case == ETCDSERVERPB__COMPARE__TARGET_UNION_CREATE_REVISION
				? c->create_revision
				: 0);
	case ETCDSERVERPB__COMPARE__COMPARE_TARGET__MOD:
		return int64_compare(kv->mod_revision,
			c->target_union_case == ETCDSERVERPB__COMPARE__TARGET_UNION_MOD_REVISION
				? c->mod_revision
				: 0);
	case ETCDSERVERPB__COMPARE__COMPARE_TARGET__VERSION:
		return int64_compare(kv->version,
			c->target_union_case == ETCDSERVERPB__COMPARE__TARGET_UNION_VERSION
				? c->version
				: 0);
	case ETCDSERVERPB__COMPARE__COMPARE_TARGET__LEASE:
		return int64_compare(kv->lease,
			c->target_union_case == ETCDSERVERPB__COMPARE__TARGET_UNION_LEASE ? c->lease
											  : 0);
	default:
		return 0;
	}
}

static bool holds_for(const Etcdserverpb__Compare *c, const struct mvcc_kv *kv)
{
	int result = target_compare(c, kv);

	switch (c->result) {
	case ETCDSERVERPB__COMPARE__COMPARE_RESULT__EQUAL:
		return result == 0;
	case ETCDSERVERPB__COMPARE__COMPARE_RESULT__NOT_EQUAL:
		return result != 0;
	case ETCDSERVERPB__COMPARE__COMPARE_RESULT__GREATER:
		return result > 0;
	case ETCDSERVERPB__COMPARE__COMPARE_RESULT__LESS:
		return result < 0;
	default:
		return true;
	}
}

static bool holds(struct kvstore_read *tr, const Etcdserverpb__Compare *c)
{
	struct kvstore_range_options opts = {0};
	struct kvstore_range_result res;
	struct mvcc_kv missing = {0};
	bool ok = true;

	kvstore_range(
		tr, c->key.data, c->key.len, c->range_end.data, c->range_end.len, &opts, &res);
	/* A key that is not there has revisions and version 0, but no value: not
	 * even an empty one. */
	if (res.n == 0)
		ok = c->target != ETCDSERVERPB__COMPARE__COMPARE_TARGET__VALUE &&
		     holds_for(c, &missing);
	for (size_t i = 0; i < res.n && ok; i++)
		ok = holds_for(c, &res.kvs[i]);
	kvstore_range_free(&res);
	return ok;
}

static void find_path(struct kvstore_read *tr, const Etcdserverpb__TxnRequest *t, struct path *p)
{
	bool taken = true;

	for (size_t i = 0; i < t->n_compare && taken; i++)
		taken = holds(tr, t->compare[i]);
	path_push(p, taken);
	struct branch b = branch_of(t, taken);
	for (size_t i = 0; i < b.n; i++)
		if (b.ops[i]->request_case == ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_TXN)
			find_path(tr, b.ops[i]->request_txn, p);
}

/* --- checking ------------------------------------------------------------------ */

static bool key_exists(struct kvstore_read *tr, ProtobufCBinaryData key)
{
	struct kvstore_range_options opts = {.count_only = true};
	struct kvstore_range_result res;

	kvstore_range(tr, key.data, key.len, NULL, 0, &opts, &res);
	bool exists = res.count > 0;
	kvstore_range_free(&res);
	return exists;
}

/* The puts of the path, in order. *deleted_from is the lowest key from which on
 * an earlier operation of the path deletes everything, NULL if none does: a put
 * that needs the old value of such a key finds none. kv_check_txn() lets only
 * deletes of this form stand before a put. (etcd does not look at this, and
 * panics when it comes to the put.) */
static enum rpc_error check_puts(struct kvstore_read *tr, const Etcdserverpb__TxnRequest *t,
	struct path *p, const ProtobufCBinaryData **deleted_from)
{
	struct branch b = branch_of(t, p->taken[p->next++]);
	enum rpc_error err;

	for (size_t i = 0; i < b.n; i++) {
		const Etcdserverpb__RequestOp *op = b.ops[i];
		if (op->request_case == ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_TXN) {
			if ((err = check_puts(tr, op->request_txn, p, deleted_from)) != RPC_OK)
				return err;
		} else if (op->request_case ==
			   ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_DELETE_RANGE) {
			const Etcdserverpb__DeleteRangeRequest *d = op->request_delete_range;
			if (d->range_end.len == 1 && d->range_end.data[0] == 0 &&
				(!*deleted_from ||
					bytes_compare(d->key.data, d->key.len,
						(*deleted_from)->data, (*deleted_from)->len) < 0))
				*deleted_from = &d->key;
		} else if (op->request_case == ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_PUT) {
			const Etcdserverpb__PutRequest *r = op->request_put;
			if ((r->ignore_value || r->ignore_lease) &&
				(!key_exists(tr, r->key) ||
					(*deleted_from && bytes_compare(r->key.data, r->key.len,
								  (*deleted_from)->data,
								  (*deleted_from)->len) >= 0)))
				return RPC_KEY_NOT_FOUND;
			if (r->lease)
				return RPC_LEASE_NOT_FOUND;
		}
	}
	return RPC_OK;
}

static enum rpc_error check_ranges(
	struct kv_apply *a, const Etcdserverpb__TxnRequest *t, struct path *p)
{
	struct branch b = branch_of(t, p->taken[p->next++]);
	enum rpc_error err;

	for (size_t i = 0; i < b.n; i++) {
		const Etcdserverpb__RequestOp *op = b.ops[i];
		if (op->request_case == ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_TXN) {
			if ((err = check_ranges(a, op->request_txn, p)) != RPC_OK)
				return err;
		} else if (op->request_case == ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_RANGE) {
			int64_t rev = op->request_range->revision;
			if (rev == 0)
				continue;
			if (rev > kvstore_rev(a->kv))
				return RPC_FUTURE_REV;
			if (rev < kvstore_compact_rev(a->kv))
				return RPC_COMPACTED;
		}
	}
	return RPC_OK;
}

/* --- doing --------------------------------------------------------------------- */

static Etcdserverpb__TxnResponse *run(struct kv_apply *a, struct kvstore_read *tr,
	struct kvstore_write *tw, const Etcdserverpb__TxnRequest *t, struct path *p);

static Etcdserverpb__ResponseOp *run_op(struct kv_apply *a, struct kvstore_read *tr,
	struct kvstore_write *tw, const Etcdserverpb__RequestOp *op, struct path *p)
{
	Etcdserverpb__ResponseOp *resp = arena_alloc(a->arena, sizeof *resp);

	etcdserverpb__response_op__init(resp);
	switch (op->request_case) {
	case ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_RANGE:
		resp->response_case = ETCDSERVERPB__RESPONSE_OP__RESPONSE_RESPONSE_RANGE;
		if (kv_apply_op_range(a, tr, op->request_range, &resp->response_range) != RPC_OK)
			abort(); /* was checked */
		break;
	case ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_PUT:
		resp->response_case = ETCDSERVERPB__RESPONSE_OP__RESPONSE_RESPONSE_PUT;
		if (kv_apply_op_put(a, tw, op->request_put, &resp->response_put) != RPC_OK)
			abort(); /* was checked */
		break;
	case ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_DELETE_RANGE:
		resp->response_case = ETCDSERVERPB__RESPONSE_OP__RESPONSE_RESPONSE_DELETE_RANGE;
		kv_apply_op_delete_range(
			a, tw, op->request_delete_range, &resp->response_delete_range);
		break;
	case ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_TXN:
		resp->response_case = ETCDSERVERPB__RESPONSE_OP__RESPONSE_RESPONSE_TXN;
		resp->response_txn = run(a, tr, tw, op->request_txn, p);
		break;
	default:
		break;
	}
	return resp;
}

static Etcdserverpb__TxnResponse *run(struct kv_apply *a, struct kvstore_read *tr,
	struct kvstore_write *tw, const Etcdserverpb__TxnRequest *t, struct path *p)
{
	bool taken = p->taken[p->next++];
	struct branch b = branch_of(t, taken);
	Etcdserverpb__TxnResponse *resp = arena_alloc(a->arena, sizeof *resp);

	etcdserverpb__txn_response__init(resp);
	resp->header = kv_apply_new_header(a, 0);
	resp->succeeded = taken;
	resp->n_responses = b.n;
	resp->responses = arena_alloc(a->arena, b.n * sizeof *resp->responses + 1);
	for (size_t i = 0; i < b.n; i++)
		resp->responses[i] = run_op(a, tr, tw, b.ops[i], p);
	return resp;
}

static void finish(
	struct kv_apply *a, Etcdserverpb__TxnResponse *resp, int64_t rev, struct kv_reply *reply)
{
	resp->header->revision = rev;
	if (reply)
		kv_apply_pack(a, resp->header, &resp->base, reply);
}

enum rpc_error kv_apply_txn(
	struct kv_apply *a, const Etcdserverpb__TxnRequest *t, struct kv_reply *reply)
{
	bool readonly = kv_txn_is_readonly(t);
	struct path p = {.arena = a->arena};
	struct kvstore_read tr;
	const ProtobufCBinaryData *deleted_from = NULL;

	kvstore_read_begin(a->kv, &tr);
	find_path(&tr, t, &p);
	enum rpc_error err = readonly ? RPC_OK : check_puts(&tr, t, &p, &deleted_from);
	p.next = 0;
	if (err == RPC_OK)
		err = check_ranges(a, t, &p);
	p.next = 0;
	if (err == RPC_OK && readonly)
		finish(a, run(a, &tr, NULL, t, &p), kvstore_rev(a->kv), reply);
	kvstore_read_end(&tr);
	if (err == RPC_OK && !readonly) {
		struct kvstore_write tw;
		kvstore_write_begin(a->kv, &tw);
		Etcdserverpb__TxnResponse *resp = run(a, &tw.read, &tw, t, &p);
		finish(a, resp, kvstore_write_rev(&tw), reply);
		kvstore_write_end(&tw);
	}
	return err;
}
