/* SPDX-License-Identifier: Apache-2.0 */
/* wait: who waits for which proposal (etcd's pkg/wait). A call is registered
 * under its request id before the proposal goes to raft, and taken out by the
 * applier when the entry with that id is applied, or when its time is up:
 * whoever takes it out answers it. */
#ifndef SERVER_ETCDSERVER_WAIT_H
#define SERVER_ETCDSERVER_WAIT_H

#include <pthread.h>

#include "server/etcdserver/call.h"

enum { WAIT_BUCKETS = 4096 };

struct wait {
	pthread_mutex_t lock;
	struct rpc_call *buckets[WAIT_BUCKETS];
	struct rpc_call *oldest, *newest;
};

void wait_init(struct wait *w);
void wait_destroy(struct wait *w);

/* wait_register puts call in, under call->id. Any thread. */
void wait_register(struct wait *w, struct rpc_call *call);

/* wait_take takes out the call with this id; NULL if there is none (any more).
 * Any thread. */
struct rpc_call *wait_take(struct wait *w, uint64_t id);

/* wait_take_expired takes out one whose deadline has passed, if there is one.
 * The deadline of all calls lies equally far behind their registration, but for
 * few exceptions, so only the oldest are looked at. Any thread. */
struct rpc_call *wait_take_expired(struct wait *w, uint64_t now_ns);

#endif
