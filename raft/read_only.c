/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linearizable reads that wait for a quorum to confirm the leader (thesis
 * section 6.4). The original: read_only.go.
 *
 * A read is known by its context, the payload of the one entry of its
 * MsgReadIndex. The original finds it in a map; here the queue is searched from
 * its head, where the read that was just acknowledged nearly always is.
 */
#include "raft/raft_internal.h"

#include <stdlib.h>
#include <string.h>

void read_only_init(struct read_only *ro, enum raft_read_only_option option)
{
	*ro = (struct read_only){.option = option};
}

static void read_index_status_free(struct read_index_status *rs)
{
	raft_message_free(&rs->req);
	free(rs->acks.v);
	*rs = (struct read_index_status){0};
}

void read_index_statuses_free(struct read_index_status *rss, size_t n)
{
	for (size_t i = 0; i < n; i++)
		read_index_status_free(&rss[i]);
	free(rss);
}

void read_only_reset(struct read_only *ro)
{
	for (uint32_t i = 0; i < ro->len; i++)
		read_index_status_free(&ro->queue[i]);
	ro->len = 0;
}

void read_only_free(struct read_only *ro)
{
	read_only_reset(ro);
	free(ro->queue);
	*ro = (struct read_only){.option = ro->option};
}

static struct read_index_status *read_only_find(
	const struct read_only *ro, const void *ctx, size_t len)
{
	for (uint32_t i = 0; i < ro->len; i++) {
		const struct raft_entry *e = &ro->queue[i].req.entries.v[0];
		if (e->len == len && (len == 0 || memcmp(e->data, ctx, len) == 0))
			return &ro->queue[i];
	}
	return NULL;
}

void read_only_add_request(struct read_only *ro, raft_index index, struct raft_message *m)
{
	const struct raft_entry *e = &m->entries.v[0];
	if (read_only_find(ro, e->data, e->len)) {
		raft_message_free(m);
		return;
	}
	ro->queue = raft_grow(ro->queue, &ro->cap, ro->len + 1, sizeof(*ro->queue));
	ro->queue[ro->len++] = (struct read_index_status){
		.req = raft_message_move(m),
		.index = index,
	};
}

const struct tracker_votes *read_only_recv_ack(
	struct read_only *ro, raft_id id, const void *ctx, size_t len)
{
	struct read_index_status *rs = read_only_find(ro, ctx, len);
	if (!rs)
		return NULL;
	tracker_votes_record(&rs->acks, id, true);
	return &rs->acks;
}

size_t read_only_advance(
	struct read_only *ro, const void *ctx, size_t len, struct read_index_status **rss)
{
	const struct read_index_status *last = read_only_find(ro, ctx, len);
	if (!last) {
		*rss = NULL;
		return 0;
	}
	size_t n = (size_t)(last - ro->queue) + 1;
	*rss = raft_malloc(n * sizeof(**rss));
	memcpy(*rss, ro->queue, n * sizeof(**rss));
	ro->len -= (uint32_t)n;
	memmove(ro->queue, ro->queue + n, ro->len * sizeof(*ro->queue));
	return n;
}

const void *read_only_last_pending_request_ctx(const struct read_only *ro, size_t *len)
{
	*len = 0;
	if (ro->len == 0)
		return NULL;
	const struct raft_entry *e = &ro->queue[ro->len - 1].req.entries.v[0];
	*len = e->len;
	return e->data;
}
