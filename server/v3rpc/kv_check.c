/* SPDX-License-Identifier: Apache-2.0 */
#include "server/v3rpc/kv_check.h"

#include <stdlib.h>
#include <string.h>

#include "server/bytes.h"
#include "server/util.h"

enum rpc_error kv_check_range(const Etcdserverpb__RangeRequest *r)
{
	return r->key.len ? RPC_OK : RPC_EMPTY_KEY;
}

enum rpc_error kv_check_put(const Etcdserverpb__PutRequest *r)
{
	if (r->key.len == 0)
		return RPC_EMPTY_KEY;
	if (r->ignore_value && r->value.len)
		return RPC_VALUE_PROVIDED;
	if (r->ignore_lease && r->lease)
		return RPC_LEASE_PROVIDED;
	return RPC_OK;
}

enum rpc_error kv_check_delete_range(const Etcdserverpb__DeleteRangeRequest *r)
{
	return r->key.len ? RPC_OK : RPC_EMPTY_KEY;
}

static enum rpc_error check_ops(const Etcdserverpb__TxnRequest *r, unsigned max_ops);

static enum rpc_error check_op(const Etcdserverpb__RequestOp *op, unsigned max_ops)
{
	switch (op->request_case) {
	case ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_RANGE:
		return kv_check_range(op->request_range);
	case ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_PUT:
		return kv_check_put(op->request_put);
	case ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_DELETE_RANGE:
		return kv_check_delete_range(op->request_delete_range);
	case ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_TXN:
		return check_ops(op->request_txn, max_ops);
	default:
		return RPC_KEY_NOT_FOUND;
	}
}

static enum rpc_error check_ops(const Etcdserverpb__TxnRequest *r, unsigned max_ops)
{
	size_t widest = r->n_compare;
	enum rpc_error err;

	if (widest < r->n_success)
		widest = r->n_success;
	if (widest < r->n_failure)
		widest = r->n_failure;
	if (widest > max_ops)
		return RPC_TOO_MANY_OPS;
	for (size_t i = 0; i < r->n_compare; i++)
		if (r->compare[i]->key.len == 0)
			return RPC_EMPTY_KEY;
	for (size_t i = 0; i < r->n_success; i++)
		if ((err = check_op(r->success[i], max_ops - (unsigned)widest)) != RPC_OK)
			return err;
	for (size_t i = 0; i < r->n_failure; i++)
		if ((err = check_op(r->failure[i], max_ops - (unsigned)widest)) != RPC_OK)
			return err;
	return RPC_OK;
}

/* --- no key twice ------------------------------------------------------------ */

struct span {
	const uint8_t *p;
	size_t len;
};

/* [begin, end) */
struct interval {
	struct span begin, end;
};

/* What a list of operations may do: the keys it puts, sorted; the intervals it
 * deletes, sorted and apart from each other. Sorted lists keep the work for a
 * request as large as is allowed (some 10^5 operations) near linear. */
struct effects {
	struct span *puts;
	size_t puts_len;
	struct interval *dels;
	size_t dels_len;
};

static void effects_free(struct effects *e)
{
	free(e->puts);
	free(e->dels);
	*e = (struct effects){0};
}

static int span_compare(struct span a, struct span b)
{
	return bytes_compare(a.p, a.len, b.p, b.len);
}

static int span_qsort(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

static int interval_qsort(const void *a, const void *b)
{
	return span_compare(
		((const struct interval *)a)->begin, ((const struct interval *)b)->begin);
}

static bool puts_have(const struct effects *e, struct span key)
{
	return e->puts_len && bsearch(&key, e->puts, e->puts_len, sizeof key, span_qsort);
}

static bool dels_hit(const struct effects *e, struct span key)
{
	size_t lo = 0, hi = e->dels_len;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (span_compare(e->dels[mid].begin, key) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo > 0 && span_compare(key, e->dels[lo - 1].end) < 0;
}

/* Merges the sorted puts b, of which none need be new, into those of e. */
static void puts_merge(struct effects *e, const struct span *b, size_t b_len)
{
	if (b_len == 0)
		return;
	struct span *out = xreallocarray(NULL, e->puts_len + b_len, sizeof *out);
	size_t n = 0, i = 0, j = 0;
	while (i < e->puts_len || j < b_len) {
		int c = i == e->puts_len ? 1 : j == b_len ? -1 : span_compare(e->puts[i], b[j]);
		out[n++] = c <= 0 ? e->puts[i] : b[j];
		i += c <= 0;
		j += c >= 0;
	}
	free(e->puts);
	e->puts = out;
	e->puts_len = n;
}

static void dels_merge(struct effects *e, const struct interval *b, size_t b_len)
{
	if (b_len == 0)
		return;
	struct interval *out = xreallocarray(NULL, e->dels_len + b_len, sizeof *out);
	size_t n = 0, i = 0, j = 0;
	while (i < e->dels_len || j < b_len) {
		bool left = j == b_len ||
			    (i < e->dels_len && span_compare(e->dels[i].begin, b[j].begin) <= 0);
		struct interval v = left ? e->dels[i++] : b[j++];
		if (n && span_compare(v.begin, out[n - 1].end) <= 0) {
			if (span_compare(v.end, out[n - 1].end) > 0)
				out[n - 1].end = v.end;
		} else {
			out[n++] = v;
		}
	}
	free(e->dels);
	e->dels = out;
	e->dels_len = n;
}

/* The deletes that stand in this list itself. ends is room for the ends of
 * those that delete one key: the key with a NUL behind it. */
static void own_dels(
	struct effects *e, Etcdserverpb__RequestOp *const *ops, size_t n, struct xbuf *ends)
{
	struct interval *dels = xcalloc(n, sizeof *dels);
	size_t len = 0, room = 0;

	for (size_t i = 0; i < n; i++)
		if (ops[i]->request_case ==
				ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_DELETE_RANGE &&
			ops[i]->request_delete_range->range_end.len == 0)
			room += ops[i]->request_delete_range->key.len + 1;
	xbuf_reserve(ends, room);
	for (size_t i = 0; i < n; i++) {
		if (ops[i]->request_case != ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_DELETE_RANGE)
			continue;
		const Etcdserverpb__DeleteRangeRequest *r = ops[i]->request_delete_range;
		struct interval v = {
			{r->key.data, r->key.len}, {r->range_end.data, r->range_end.len}};
		if (v.end.len == 0) {
			v.end = (struct span){(uint8_t *)ends->data + ends->len, r->key.len + 1};
			xbuf_append(ends, r->key.data, r->key.len);
			xbuf_append(ends, "", 1);
		}
		if (span_compare(v.begin, v.end) < 0)
			dels[len++] = v;
	}
	qsort(dels, len, sizeof *dels, interval_qsort);
	dels_merge(e, dels, len);
	free(dels);
}

/* Adds the puts of one branch of a nested txn. then, if it is the second
 * branch, are the puts of the first. */
static enum rpc_error add_branch_puts(
	struct effects *e, const struct effects *branch, const struct effects *then)
{
	for (size_t i = 0; i < branch->puts_len; i++) {
		struct span key = branch->puts[i];
		if (puts_have(e, key) && !(then && puts_have(then, key)))
			return RPC_DUPLICATE_KEY;
		if (dels_hit(e, key))
			return RPC_DUPLICATE_KEY;
	}
	puts_merge(e, branch->puts, branch->puts_len);
	return RPC_OK;
}

/* One NUL-terminated copy per level of the keys that single deletes end at. */
struct ends_list {
	struct xbuf ends;
	struct ends_list *next;
};

static enum rpc_error check_overlaps(
	struct effects *e, Etcdserverpb__RequestOp *const *ops, size_t n, struct ends_list **ends);

static enum rpc_error add_txn(
	struct effects *e, const Etcdserverpb__TxnRequest *txn, struct ends_list **ends)
{
	struct effects then = {0}, otherwise = {0};
	enum rpc_error err = check_overlaps(&then, txn->success, txn->n_success, ends);

	if (err == RPC_OK)
		err = check_overlaps(&otherwise, txn->failure, txn->n_failure, ends);
	if (err == RPC_OK)
		err = add_branch_puts(e, &then, NULL);
	if (err == RPC_OK)
		err = add_branch_puts(e, &otherwise, &then);
	if (err == RPC_OK) {
		dels_merge(e, then.dels, then.dels_len);
		dels_merge(e, otherwise.dels, otherwise.dels_len);
	}
	effects_free(&then);
	effects_free(&otherwise);
	return err;
}

static enum rpc_error add_own_puts(struct effects *e, Etcdserverpb__RequestOp *const *ops, size_t n)
{
	struct span *puts = xcalloc(n, sizeof *puts);
	size_t len = 0;
	enum rpc_error err = RPC_OK;

	for (size_t i = 0; i < n; i++)
		if (ops[i]->request_case == ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_PUT)
			puts[len++] = (struct span){
				ops[i]->request_put->key.data, ops[i]->request_put->key.len};
	qsort(puts, len, sizeof *puts, span_qsort);
	for (size_t i = 0; i < len && err == RPC_OK; i++)
		if ((i > 0 && span_compare(puts[i - 1], puts[i]) == 0) || puts_have(e, puts[i]) ||
			dels_hit(e, puts[i]))
			err = RPC_DUPLICATE_KEY;
	if (err == RPC_OK)
		puts_merge(e, puts, len);
	free(puts);
	return err;
}

/* As etcd's checkIntervals: the deletes of the list itself, then what nested
 * txns do, in order, then the puts of the list itself. */
static enum rpc_error check_overlaps(
	struct effects *e, Etcdserverpb__RequestOp *const *ops, size_t n, struct ends_list **ends)
{
	enum rpc_error err = RPC_OK;
	struct ends_list *mine = xcalloc(1, sizeof *mine);

	mine->next = *ends;
	*ends = mine;
	own_dels(e, ops, n, &mine->ends);
	for (size_t i = 0; i < n && err == RPC_OK; i++)
		if (ops[i]->request_case == ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_TXN)
			err = add_txn(e, ops[i]->request_txn, ends);
	return err == RPC_OK ? add_own_puts(e, ops, n) : err;
}

static enum rpc_error check_branch(Etcdserverpb__RequestOp *const *ops, size_t n)
{
	struct effects e = {0};
	struct ends_list *ends = NULL;
	enum rpc_error err = check_overlaps(&e, ops, n, &ends);

	effects_free(&e);
	while (ends) {
		struct ends_list *next = ends->next;
		xbuf_free(&ends->ends);
		free(ends);
		ends = next;
	}
	return err;
}

enum rpc_error kv_check_txn(const Etcdserverpb__TxnRequest *r, unsigned max_ops)
{
	enum rpc_error err = check_ops(r, max_ops);

	if (err == RPC_OK)
		err = check_branch(r->success, r->n_success);
	if (err == RPC_OK)
		err = check_branch(r->failure, r->n_failure);
	return err;
}

static bool all_ranges(Etcdserverpb__RequestOp *const *ops, size_t n, bool serializable)
{
	for (size_t i = 0; i < n; i++)
		if (ops[i]->request_case != ETCDSERVERPB__REQUEST_OP__REQUEST_REQUEST_RANGE ||
			(serializable && !ops[i]->request_range->serializable))
			return false;
	return true;
}

bool kv_txn_is_readonly(const Etcdserverpb__TxnRequest *r)
{
	return all_ranges(r->success, r->n_success, false) &&
	       all_ranges(r->failure, r->n_failure, false);
}

bool kv_txn_is_serializable(const Etcdserverpb__TxnRequest *r)
{
	return all_ranges(r->success, r->n_success, true) &&
	       all_ranges(r->failure, r->n_failure, true);
}
