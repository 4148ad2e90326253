/* SPDX-License-Identifier: Apache-2.0 */
/* call: one client request under way, whoever brought it (gRPC or HTTP).
 *
 * A front embeds a struct rpc_call in what it knows of the request, fills in
 * the first part, and gives it to rpc_method.handle. From then on the call
 * belongs to the server, which moves it from queue to queue without allocating
 * or copying, until it calls done(), exactly once, from any thread. */
#ifndef SERVER_ETCDSERVER_CALL_H
#define SERVER_ETCDSERVER_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/arena.h"
#include "server/mailbox.h"
#include "server/v3rpc/rpctypes.h"

/* What the applier does with a call that only reads. */
enum rpc_read { RPC_READ_RANGE, RPC_READ_TXN };

struct rpc_call {
	/* Filled in by the front; valid until done(). */
	const uint8_t *request; /* as encoded on the wire */
	size_t request_len;
	bool require_leader; /* the client wants an error at once if there is none */
	uint64_t timeout_ns; /* 0: the server's */
	void (*done)(struct rpc_call *call);

	/* The answer, for done(). */
	enum rpc_error error;
	uint8_t *response; /* encoded; malloc'd, now the front's; NULL on error */
	size_t response_len;

	/* The server's own. */
	struct mail mail;
	enum rpc_read read;
	uint64_t deadline_ns;
	uint64_t id;
	struct rpc_call *wait_hash_next;
	struct rpc_call *wait_prev, *wait_next; /* in the order of registration */
};

/* rpc_call_fail ends a call with an error. */
static inline void rpc_call_fail(struct rpc_call *call, enum rpc_error error)
{
	call->error = error;
	call->done(call);
}

#endif
