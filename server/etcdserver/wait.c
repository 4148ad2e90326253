/* SPDX-License-Identifier: Apache-2.0 */
#include "server/etcdserver/wait.h"

void wait_init(struct wait *w)
{
	*w = (struct wait){0};
	pthread_mutex_init(&w->lock, NULL);
}

void wait_destroy(struct wait *w)
{
	pthread_mutex_destroy(&w->lock);
}

void wait_register(struct wait *w, struct rpc_call *call)
{
	struct rpc_call **bucket = &w->buckets[call->id % WAIT_BUCKETS];

	pthread_mutex_lock(&w->lock);
	call->wait_hash_next = *bucket;
	*bucket = call;
	call->wait_prev = w->newest;
	call->wait_next = NULL;
	*(w->newest ? &w->newest->wait_next : &w->oldest) = call;
	w->newest = call;
	pthread_mutex_unlock(&w->lock);
}

static struct rpc_call *take_locked(struct wait *w, uint64_t id)
{
	struct rpc_call **p = &w->buckets[id % WAIT_BUCKETS];

	while (*p && (*p)->id != id)
		p = &(*p)->wait_hash_next;
	struct rpc_call *call = *p;
	if (!call)
		return NULL;
	*p = call->wait_hash_next;
	*(call->wait_prev ? &call->wait_prev->wait_next : &w->oldest) = call->wait_next;
	*(call->wait_next ? &call->wait_next->wait_prev : &w->newest) = call->wait_prev;
	return call;
}

struct rpc_call *wait_take(struct wait *w, uint64_t id)
{
	pthread_mutex_lock(&w->lock);
	struct rpc_call *call = take_locked(w, id);
	pthread_mutex_unlock(&w->lock);
	return call;
}

struct rpc_call *wait_take_expired(struct wait *w, uint64_t now_ns)
{
	struct rpc_call *call = NULL;

	pthread_mutex_lock(&w->lock);
	if (w->oldest && w->oldest->deadline_ns <= now_ns)
		call = take_locked(w, w->oldest->id);
	pthread_mutex_unlock(&w->lock);
	return call;
}
