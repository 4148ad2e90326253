/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The window of MsgApps under way to one follower, as a ring. The ring grows
 * when it is needed, so that many groups with idle followers cost little.
 */
#include "raft/raft_internal.h"

#include <stdlib.h>
#include <string.h>

void inflights_init(struct inflights *in, int size, uint64_t max_bytes)
{
	*in = (struct inflights){.size = size, .max_bytes = max_bytes};
}

void inflights_free(struct inflights *in)
{
	free(in->buffer);
	in->buffer = NULL;
	in->buffer_len = 0;
	inflights_reset(in);
}

struct inflights inflights_clone(const struct inflights *in)
{
	struct inflights out = *in;
	if (in->buffer) {
		size_t bytes = (size_t)in->buffer_len * sizeof(*in->buffer);
		out.buffer = raft_malloc(bytes);
		memcpy(out.buffer, in->buffer, bytes);
	}
	return out;
}

/* Places wrap around at size, not at buffer_len: while the ring is shorter than
 * that, a window that runs off its end makes it grow. */
static int inflights_wrap(const struct inflights *in, int i)
{
	return i >= in->size ? i - in->size : i;
}

static void inflights_grow(struct inflights *in)
{
	if (in->buffer_len == 0)
		in->buffer_len = 1;
	else if (in->buffer_len > in->size / 2)
		in->buffer_len = in->size;
	else
		in->buffer_len *= 2;
	in->buffer = raft_realloc(in->buffer, (size_t)in->buffer_len * sizeof(*in->buffer));
}

void inflights_add(struct inflights *in, raft_index index, uint64_t bytes)
{
	if (inflights_full(in))
		raft_panicf(NULL, "cannot add into a Full inflights");
	int next = inflights_wrap(in, in->start + in->count);
	if (next >= in->buffer_len)
		inflights_grow(in);
	in->buffer[next] = (struct inflight){.index = index, .bytes = bytes};
	in->count++;
	in->bytes += bytes;
}

void inflights_free_le(struct inflights *in, raft_index to)
{
	while (in->count > 0 && in->buffer[in->start].index <= to) {
		in->bytes -= in->buffer[in->start].bytes;
		in->start = inflights_wrap(in, in->start + 1);
		in->count--;
	}
	/* From the beginning again, so that a shorter ring does for longer. */
	if (in->count == 0)
		in->start = 0;
}

void inflights_reset(struct inflights *in)
{
	in->start = 0;
	in->count = 0;
	in->bytes = 0;
}
