/* SPDX-License-Identifier: Apache-2.0 */
/* grpc_front: the methods of service.h over gRPC (the C core library).
 *
 * Two threads: one waits on the completion queue, takes calls in and starts
 * them; another sends the answers, since grpc_call_start_batch costs several
 * microseconds of the thread that calls it, and those that have the answers
 * (raft, apply) have more urgent work. */
#ifndef SERVER_V3RPC_GRPC_FRONT_H
#define SERVER_V3RPC_GRPC_FRONT_H

#include "server/etcdserver/etcdserver.h"

struct grpc_front;

/* grpc_front_start makes a server without an address of its own. */
struct grpc_front *grpc_front_start(struct etcdserver *s);

/* grpc_front_add gives it a connection, on which the client has begun to speak
 * HTTP/2. fd is the library's from then on. Any thread. */
void grpc_front_add(struct grpc_front *f, int fd);

/* grpc_front_drain refuses new calls, and waits up to grace_ms for those that
 * are under way. */
void grpc_front_drain(struct grpc_front *f, unsigned grace_ms);

/* grpc_front_stop cancels what is left, closes all connections and frees f.
 * Requires: grpc_front_drain(f), grpc_front_add() is not called any more, and
 * the server answers all calls soon (etcdserver_stop). */
void grpc_front_stop(struct grpc_front *f);

#endif
