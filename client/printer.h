/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Output formats (--write-out): how answers are written to ctl->out.
 */
#ifndef CLIENT_PRINTER_H
#define CLIENT_PRINTER_H

#include "client/command.h"
#include "server/etcdserverpb/rpc.pb-c.h"

/* What `endpoint health` found out about one endpoint. */
struct endpoint_health {
	const char *endpoint;
	bool health;
	const char *took;  /* a Go duration, "" if nothing was asked */
	const char *error; /* NULL: none */
};

/* What `endpoint status` found out about one endpoint. */
struct endpoint_status {
	const char *endpoint;
	const Etcdserverpb__StatusResponse *status;
};

/* A format. A member that is NULL is a thing that cannot be printed in it. */
struct printer {
	const char *name;
	/* for all of get, put, del, txn and member_list, if they need no more
	 * than the message */
	void (*message)(struct ctl *ctl, const ProtobufCMessage *m);
	void (*get)(struct ctl *ctl, const Etcdserverpb__RangeResponse *r);
	void (*put)(struct ctl *ctl, const Etcdserverpb__PutResponse *r);
	void (*del)(struct ctl *ctl, const Etcdserverpb__DeleteRangeResponse *r);
	void (*txn)(struct ctl *ctl, const Etcdserverpb__TxnResponse *r);
	void (*member_list)(struct ctl *ctl, const Etcdserverpb__MemberListResponse *r);
	void (*endpoint_health)(struct ctl *ctl, const struct endpoint_health *h, size_t n);
	void (*endpoint_status)(struct ctl *ctl, const struct endpoint_status *s, size_t n);
};

extern const struct printer printer_simple;
extern const struct printer printer_json;
extern const struct printer printer_fields;
extern const struct printer printer_table;
extern const struct printer printer_protobuf;

/* printer_find returns the format of that name, NULL if there is none. */
const struct printer *printer_find(const char *name);

/* printer_reply prints m, the answer to get, put, del, txn or member list.
 * Returns: CTL_OK; CTL_BAD_FEATURE, having said so, if ctl->printer cannot. */
int printer_reply(struct ctl *ctl, const ProtobufCMessage *m);

/* printer_health and printer_status print what is known of n endpoints.
 * Returns: as printer_reply. */
int printer_health(struct ctl *ctl, const struct endpoint_health *h, size_t n);
int printer_status(struct ctl *ctl, const struct endpoint_status *s, size_t n);

/* --- shared by simple and table: one row of text per member or endpoint --------- */

enum { PRINTER_MEMBER_COLUMNS = 6, PRINTER_STATUS_COLUMNS = 10 };

/* printer_member_row fills in the columns of `member list`. */
void printer_member_row(struct pool *p, const Etcdserverpb__Member *m, const char **row);

/* printer_status_row fills in the columns of `endpoint status`. */
void printer_status_row(struct pool *p, const struct endpoint_status *s, const char **row);

/* printer_size words a number of bytes for people: 20 kB. */
const char *printer_size(struct pool *p, uint64_t bytes);

/* printer_header returns h, or a header of zeros for none. */
const Etcdserverpb__ResponseHeader *printer_header(const Etcdserverpb__ResponseHeader *h);

#endif
