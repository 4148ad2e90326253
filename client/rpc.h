/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls to a server over gRPC's C core, as etcd's client makes them:
 *
 *  - A call goes to the first endpoint that is connected; the next one takes
 *    its turn with the next call. While none is, the call waits.
 *  - A call that changes nothing is sent again, elsewhere if possible, when
 *    the server is unavailable. One that may change something never is: the
 *    first may have been carried out.
 *  - Every failed attempt is one line of JSON on the log, as in etcdctl.
 */
#ifndef CLIENT_RPC_H
#define CLIENT_RPC_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "client/util.h"

struct rpc;

struct rpc_config {
	const char *const *endpoints;
	size_t n_endpoints;
	/* nanoseconds; the first holds for one attempt to connect to one endpoint */
	int64_t dial_timeout;
	int64_t keepalive_time;
	int64_t keepalive_timeout;
	FILE *log;
};

struct rpc_method {
	const char *name; /* "/etcdserverpb.KV/Range" */
	const ProtobufCMessageDescriptor *reply;
	bool repeatable; /* changes nothing: may be sent again */
};

extern const struct rpc_method rpc_range;
extern const struct rpc_method rpc_put;
extern const struct rpc_method rpc_delete_range;
extern const struct rpc_method rpc_txn;
extern const struct rpc_method rpc_compact;
extern const struct rpc_method rpc_member_list;
extern const struct rpc_method rpc_status;

/* rpc_init starts the library, rpc_shutdown ends it. verbose lets its own log
 * through, to standard error. */
void rpc_init(bool verbose);
void rpc_shutdown(void);

/* rpc_open begins to connect to all endpoints, and does not wait.
 *
 * Requires:  rpc_init(). One thread at a time uses *out and p.
 * Ownership: the caller ends *out with rpc_close(); its memory is p's.
 * Returns:   NULL; or why not one endpoint can be connected to, ever. */
const char *rpc_open(struct pool *p, const struct rpc_config *config, struct rpc **out);

/* rpc_close closes all connections. NULL is allowed. */
void rpc_close(struct rpc *r);

/* rpc_call sends request and waits for the answer, no longer than timeout
 * nanoseconds in all.
 *
 * Ownership: the reply lives in the pool of r.
 * Returns:   NULL and the reply; or the error's text, as etcd's client words it. */
const char *rpc_call(struct rpc *r, const struct rpc_method *m, const ProtobufCMessage *request,
	int64_t timeout, ProtobufCMessage **reply);

#endif
