/* SPDX-License-Identifier: Apache-2.0 */
#include "client/printer.h"

#include <string.h>

const struct printer *printer_find(const char *name)
{
	static const struct printer *const printers[] = {
		&printer_simple, &printer_json, &printer_fields, &printer_table, &printer_protobuf};

	for (size_t i = 0; i < ARRAY_SIZE(printers); i++)
		if (strcmp(printers[i]->name, name) == 0)
			return printers[i];
	return NULL;
}

static int printer_cannot(struct ctl *ctl)
{
	return ctl_fail(
		ctl, CTL_BAD_FEATURE, "%s not supported as output format", ctl->printer->name);
}

/* PRINT calls the member of that name for a message of that type. */
#define PRINT(member_, type_, lower_)                                                              \
	do {                                                                                       \
		if (m->descriptor == &lower_##__descriptor && ctl->printer->member_) {             \
			ctl->printer->member_(ctl, (const type_ *)m);                              \
			return CTL_OK;                                                             \
		}                                                                                  \
	} while (0)

int printer_reply(struct ctl *ctl, const ProtobufCMessage *m)
{
	if (ctl->printer->message) {
		ctl->printer->message(ctl, m);
		return CTL_OK;
	}
	PRINT(get, Etcdserverpb__RangeResponse, etcdserverpb__range_response);
	PRINT(put, Etcdserverpb__PutResponse, etcdserverpb__put_response);
	PRINT(del, Etcdserverpb__DeleteRangeResponse, etcdserverpb__delete_range_response);
	PRINT(txn, Etcdserverpb__TxnResponse, etcdserverpb__txn_response);
	PRINT(member_list, Etcdserverpb__MemberListResponse, etcdserverpb__member_list_response);
	return printer_cannot(ctl);
}

int printer_health(struct ctl *ctl, const struct endpoint_health *h, size_t n)
{
	if (!ctl->printer->endpoint_health)
		return printer_cannot(ctl);
	ctl->printer->endpoint_health(ctl, h, n);
	return CTL_OK;
}

int printer_status(struct ctl *ctl, const struct endpoint_status *s, size_t n)
{
	if (!ctl->printer->endpoint_status)
		return printer_cannot(ctl);
	ctl->printer->endpoint_status(ctl, s, n);
	return CTL_OK;
}

/* --- rows ------------------------------------------------------------------------ */

const Etcdserverpb__ResponseHeader *printer_header(const Etcdserverpb__ResponseHeader *h)
{
	static const Etcdserverpb__ResponseHeader zero = ETCDSERVERPB__RESPONSE_HEADER__INIT;

	return h ? h : &zero;
}

static const char *printer_join(struct pool *p, char *const *list, size_t n, const char *separator)
{
	struct text t;

	text_init(&t, p);
	for (size_t i = 0; i < n; i++)
		text_printf(&t, "%s%s", i ? separator : "", list[i]);
	return t.data;
}

void printer_member_row(struct pool *p, const Etcdserverpb__Member *m, const char **row)
{
	row[0] = pool_printf(p, "%llx", (unsigned long long)m->id);
	row[1] = *m->name ? "started" : "unstarted";
	row[2] = m->name;
	row[3] = printer_join(p, m->peerurls, m->n_peerurls, ",");
	row[4] = printer_join(p, m->clienturls, m->n_clienturls, ",");
	row[5] = m->islearner ? "true" : "false";
}

const char *printer_size(struct pool *p, uint64_t bytes)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
	uint64_t scale = 1, tenths;
	size_t unit = 0;

	if (bytes < 10)
		return pool_printf(p, "%llu B", (unsigned long long)bytes);
	for (; bytes / scale >= 1000 && unit + 1 < ARRAY_SIZE(units); unit++)
		scale *= 1000;
	/* rounded to tenths; from 10 on they are dropped, to the even neighbour */
	tenths = (uint64_t)((double)bytes / (double)scale * 10 + 0.5);
	if (tenths < 100)
		return pool_printf(p, "%.1f %s", (double)tenths / 10, units[unit]);
	return pool_printf(p, "%.0f %s", (double)tenths / 10, units[unit]);
}

void printer_status_row(struct pool *p, const struct endpoint_status *s, const char **row)
{
	const Etcdserverpb__StatusResponse *r = s->status;
	uint64_t member = printer_header(r->header)->member_id;

	row[0] = s->endpoint;
	row[1] = pool_printf(p, "%llx", (unsigned long long)member);
	row[2] = r->version;
	row[3] = printer_size(p, (uint64_t)r->dbsize);
	row[4] = r->leader == member ? "true" : "false";
	row[5] = r->islearner ? "true" : "false";
	row[6] = pool_printf(p, "%llu", (unsigned long long)r->raftterm);
	row[7] = pool_printf(p, "%llu", (unsigned long long)r->raftindex);
	row[8] = pool_printf(p, "%llu", (unsigned long long)r->raftappliedindex);
	row[9] = printer_join(p, r->errors, r->n_errors, ", ");
}
