/* SPDX-License-Identifier: Apache-2.0 */
#include "client/printer.h"

#include "client/flags.h"

/* simple_bytes prints bytes as they are, or each as \x41 with --hex. */
static void simple_bytes(struct ctl *ctl, ProtobufCBinaryData b)
{
	if (flag_bool(&ctl->flags, "hex")) {
		for (size_t i = 0; i < b.len; i++)
			fprintf(ctl->out, "\\x%02x", b.data[i]);
	} else if (b.len) {
		fwrite(b.data, 1, b.len, ctl->out);
	}
	putc('\n', ctl->out);
}

static void simple_kv(struct ctl *ctl, const Mvccpb__KeyValue *kv)
{
	if (!ctl->value_only)
		simple_bytes(ctl, kv->key);
	simple_bytes(ctl, kv->value);
}

static void simple_get(struct ctl *ctl, const Etcdserverpb__RangeResponse *r)
{
	for (size_t i = 0; i < r->n_kvs; i++)
		simple_kv(ctl, r->kvs[i]);
}

static void simple_put(struct ctl *ctl, const Etcdserverpb__PutResponse *r)
{
	fputs("OK\n", ctl->out);
	if (r->prev_kv)
		simple_kv(ctl, r->prev_kv);
}

static void simple_del(struct ctl *ctl, const Etcdserverpb__DeleteRangeResponse *r)
{
	fprintf(ctl->out, "%lld\n", (long long)r->deleted);
	for (size_t i = 0; i < r->n_prev_kvs; i++)
		simple_kv(ctl, r->prev_kvs[i]);
}

static void simple_txn(struct ctl *ctl, const Etcdserverpb__TxnResponse *r)
{
	fputs(r->succeeded ? "SUCCESS\n" : "FAILURE\n", ctl->out);
	for (size_t i = 0; i < r->n_responses; i++) {
		const Etcdserverpb__ResponseOp *op = r->responses[i];

		putc('\n', ctl->out);
		switch (op->response_case) {
		case ETCDSERVERPB__RESPONSE_OP__RESPONSE_RESPONSE_RANGE:
			simple_get(ctl, op->response_range);
			break;
		case ETCDSERVERPB__RESPONSE_OP__RESPONSE_RESPONSE_PUT:
			simple_put(ctl, op->response_put);
			break;
		case ETCDSERVERPB__RESPONSE_OP__RESPONSE_RESPONSE_DELETE_RANGE:
			simple_del(ctl, op->response_delete_range);
			break;
		default: /* not an answer to what txn can ask */
			fputs("unexpected response\n", ctl->out);
		}
	}
}

static void simple_row(struct ctl *ctl, const char *const *row, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(ctl->out, "%s%s", i ? ", " : "", row[i]);
	putc('\n', ctl->out);
}

static void simple_member_list(struct ctl *ctl, const Etcdserverpb__MemberListResponse *r)
{
	const char *row[PRINTER_MEMBER_COLUMNS];

	for (size_t i = 0; i < r->n_members; i++) {
		printer_member_row(ctl->pool, r->members[i], row);
		simple_row(ctl, row, PRINTER_MEMBER_COLUMNS);
	}
}

/* simple_endpoint_health writes to standard error: so does etcdctl 3.4. */
static void simple_endpoint_health(struct ctl *ctl, const struct endpoint_health *h, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (h[i].error)
			fprintf(ctl->err, "%s is unhealthy: failed to commit proposal: %s\n",
				h[i].endpoint, h[i].error);
		else
			fprintf(ctl->err,
				"%s is healthy: successfully committed proposal: took = %s\n",
				h[i].endpoint, h[i].took);
	}
}

static void simple_endpoint_status(struct ctl *ctl, const struct endpoint_status *s, size_t n)
{
	const char *row[PRINTER_STATUS_COLUMNS];

	for (size_t i = 0; i < n; i++) {
		printer_status_row(ctl->pool, &s[i], row);
		simple_row(ctl, row, PRINTER_STATUS_COLUMNS);
	}
}

const struct printer printer_simple = {
	.name = "simple",
	.get = simple_get,
	.put = simple_put,
	.del = simple_del,
	.txn = simple_txn,
	.member_list = simple_member_list,
	.endpoint_health = simple_endpoint_health,
	.endpoint_status = simple_endpoint_status,
};
