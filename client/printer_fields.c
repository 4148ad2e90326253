/* SPDX-License-Identifier: Apache-2.0 */
#include "client/printer.h"

#include <inttypes.h>

#include "client/go_text.h"

/* fields_quoted prints one field whose value is quoted. */
static void fields_quoted(
	struct ctl *ctl, const char *prefix, const char *name, ProtobufCBinaryData value)
{
	struct text t;

	text_init(&t, ctl->pool);
	go_quote(&t, value.data, value.len);
	fprintf(ctl->out, "\"%s%s\" : %s\n", prefix, name, t.data);
}

static void fields_int(struct ctl *ctl, const char *prefix, const char *name, int64_t value)
{
	fprintf(ctl->out, "\"%s%s\" : %" PRId64 "\n", prefix, name, value);
}

static void fields_uint(struct ctl *ctl, const char *name, uint64_t value)
{
	fprintf(ctl->out, "\"%s\" : %" PRIu64 "\n", name, value);
}

static void fields_bool(struct ctl *ctl, const char *name, bool value)
{
	fprintf(ctl->out, "\"%s\" : %s\n", name, value ? "true" : "false");
}

static void fields_header(struct ctl *ctl, const Etcdserverpb__ResponseHeader *header)
{
	const Etcdserverpb__ResponseHeader *h = printer_header(header);

	fields_uint(ctl, "ClusterID", h->cluster_id);
	fields_uint(ctl, "MemberID", h->member_id);
	fields_int(ctl, "", "Revision", h->revision);
	fields_uint(ctl, "RaftTerm", h->raft_term);
}

static void fields_kv(struct ctl *ctl, const char *prefix, const Mvccpb__KeyValue *kv)
{
	fields_quoted(ctl, prefix, "Key", kv->key);
	fields_int(ctl, prefix, "CreateRevision", kv->create_revision);
	fields_int(ctl, prefix, "ModRevision", kv->mod_revision);
	fields_int(ctl, prefix, "Version", kv->version);
	fields_quoted(ctl, prefix, "Value", kv->value);
	fields_int(ctl, prefix, "Lease", kv->lease);
}

static void fields_get(struct ctl *ctl, const Etcdserverpb__RangeResponse *r)
{
	fields_header(ctl, r->header);
	for (size_t i = 0; i < r->n_kvs; i++)
		fields_kv(ctl, "", r->kvs[i]);
	fields_bool(ctl, "More", r->more);
	fields_int(ctl, "", "Count", r->count);
}

static void fields_put(struct ctl *ctl, const Etcdserverpb__PutResponse *r)
{
	fields_header(ctl, r->header);
	if (r->prev_kv)
		fields_kv(ctl, "Prev", r->prev_kv);
}

static void fields_del(struct ctl *ctl, const Etcdserverpb__DeleteRangeResponse *r)
{
	fields_header(ctl, r->header);
	fields_int(ctl, "", "Deleted", r->deleted);
	for (size_t i = 0; i < r->n_prev_kvs; i++)
		fields_kv(ctl, "Prev", r->prev_kvs[i]);
}

static void fields_txn(struct ctl *ctl, const Etcdserverpb__TxnResponse *r)
{
	fields_header(ctl, r->header);
	fields_bool(ctl, "Succeeded", r->succeeded);
	for (size_t i = 0; i < r->n_responses; i++) {
		const Etcdserverpb__ResponseOp *op = r->responses[i];

		switch (op->response_case) {
		case ETCDSERVERPB__RESPONSE_OP__RESPONSE_RESPONSE_RANGE:
			fields_get(ctl, op->response_range);
			break;
		case ETCDSERVERPB__RESPONSE_OP__RESPONSE_RESPONSE_PUT:
			fields_put(ctl, op->response_put);
			break;
		case ETCDSERVERPB__RESPONSE_OP__RESPONSE_RESPONSE_DELETE_RANGE:
			fields_del(ctl, op->response_delete_range);
			break;
		default: /* not an answer to what txn can ask */
			fields_quoted(ctl, "", "Unknown", pool_bytes("unexpected response"));
		}
	}
}

static void fields_member_list(struct ctl *ctl, const Etcdserverpb__MemberListResponse *r)
{
	fields_header(ctl, r->header);
	for (size_t i = 0; i < r->n_members; i++) {
		const Etcdserverpb__Member *m = r->members[i];

		fields_uint(ctl, "ID", m->id);
		fields_quoted(ctl, "", "Name", pool_bytes(m->name));
		for (size_t u = 0; u < m->n_peerurls; u++)
			fields_quoted(ctl, "", "PeerURL", pool_bytes(m->peerurls[u]));
		for (size_t u = 0; u < m->n_clienturls; u++)
			fields_quoted(ctl, "", "ClientURL", pool_bytes(m->clienturls[u]));
		fields_bool(ctl, "IsLearner", m->islearner);
		putc('\n', ctl->out);
	}
}

static void fields_endpoint_health(struct ctl *ctl, const struct endpoint_health *h, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		fields_quoted(ctl, "", "Endpoint", pool_bytes(h[i].endpoint));
		fields_bool(ctl, "Health", h[i].health);
		fprintf(ctl->out, "\"Took\" : %s\n\"Error\" : %s\n\n", h[i].took,
			h[i].error ? h[i].error : "");
	}
}

static void fields_endpoint_status(struct ctl *ctl, const struct endpoint_status *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const Etcdserverpb__StatusResponse *r = s[i].status;

		fields_header(ctl, r->header);
		fields_quoted(ctl, "", "Version", pool_bytes(r->version));
		fields_int(ctl, "", "DBSize", r->dbsize);
		fields_uint(ctl, "Leader", r->leader);
		fields_bool(ctl, "IsLearner", r->islearner);
		fields_uint(ctl, "RaftIndex", r->raftindex);
		fields_uint(ctl, "RaftTerm", r->raftterm);
		fields_uint(ctl, "RaftAppliedIndex", r->raftappliedindex);
		fputs("\"Errors\" : [", ctl->out);
		for (size_t e = 0; e < r->n_errors; e++)
			fprintf(ctl->out, "%s%s", e ? " " : "", r->errors[e]);
		fputs("]\n", ctl->out);
		fields_quoted(ctl, "", "Endpoint", pool_bytes(s[i].endpoint));
		putc('\n', ctl->out);
	}
}

const struct printer printer_fields = {
	.name = "fields",
	.get = fields_get,
	.put = fields_put,
	.del = fields_del,
	.txn = fields_txn,
	.member_list = fields_member_list,
	.endpoint_health = fields_endpoint_health,
	.endpoint_status = fields_endpoint_status,
};
