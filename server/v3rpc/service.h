/* SPDX-License-Identifier: Apache-2.0 */
/* service: the methods that are served, in one table. Both fronts, gRPC and the
 * JSON gateway, are driven by it; a method is added in service.c alone. */
#ifndef SERVER_V3RPC_SERVICE_H
#define SERVER_V3RPC_SERVICE_H

#include "server/arena.h"
#include "server/etcdserver/call.h"
#include "server/etcdserver/etcdserver.h"

/* What gRPC adds to a request of the largest allowed size, as etcd reckons. */
enum { RPC_OVERHEAD_BYTES = 512 * 1024 };

struct rpc_method {
	const char *service;   /* "etcdserverpb.KV" */
	const char *name;      /* "Range" */
	const char *http_path; /* of the JSON gateway: "/v3/kv/range"; NULL: not there */
	const ProtobufCMessageDescriptor *request, *response;
	/* Checks the request and starts, or ends, the call. What is unpacked in
	 * arena need not outlive this function. */
	void (*handle)(struct etcdserver *s, struct rpc_call *call, struct arena *arena);
};

extern const struct rpc_method rpc_methods[];
extern const size_t rpc_methods_len;

/* rpc_call_start takes a call up. call->done() may run before it returns.
 *
 * Requires:   the first part of *call is filled in, the rest zero; arena is the
 *             calling thread's, and empty. It is reset. */
void rpc_call_start(struct etcdserver *s, const struct rpc_method *m, struct rpc_call *call,
	struct arena *arena);

#endif
