/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inflights: a sliding window over the MsgApps that were sent to a follower and
 * not acknowledged yet, limited in number and in bytes. A ring that grows on
 * demand. The original: tracker/inflights.go.
 */
#ifndef RAFT_TRACKER_INFLIGHTS_H
#define RAFT_TRACKER_INFLIGHTS_H

#include "raft/raft.h"

struct inflight {
	raft_index index; /* of the last entry in the message */
	uint64_t bytes;   /* of the payloads in the message */
};

struct inflights {
	int start; /* the oldest one's place in buffer */
	int count;
	uint64_t bytes; /* of all in the window */

	int size;           /* how many there may be */
	uint64_t max_bytes; /* how many bytes; 0: no limit. The limit is soft: one
	                     * message may bring the window past it. */

	struct inflight *buffer;
	int buffer_len; /* <= size */
};

/* inflights_init makes an empty window without allocating. */
void inflights_init(struct inflights *in, int size, uint64_t max_bytes);
void inflights_free(struct inflights *in);
/* inflights_clone makes a second window that shares nothing with in. */
struct inflights inflights_clone(const struct inflights *in);
/* inflights_add notes a message. Requires: not full; index not below the last one's. */
void inflights_add(struct inflights *in, raft_index index, uint64_t bytes);
/* inflights_free_le forgets the messages up to index to. */
void inflights_free_le(struct inflights *in, raft_index to);
/* inflights_reset forgets all messages and keeps the ring. */
void inflights_reset(struct inflights *in);

/* inflights_full tells whether no further message may be sent. */
static inline bool inflights_full(const struct inflights *in)
{
	return in->count == in->size || (in->max_bytes != 0 && in->bytes >= in->max_bytes);
}

#endif
