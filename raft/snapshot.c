/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Snapshots: immutable and counted.
 */
#include "raft/raft_internal.h"

#include <stdlib.h>

struct raft_snapshot *raft_snapshot_new(
	const struct raft_snapshot_metadata *metadata, struct raft_buf *buf)
{
	struct raft_snapshot *snap = raft_malloc(sizeof(*snap));
	snap->refs = 1;
	snap->metadata = *metadata;
	snap->buf = buf;
	snap->data = buf ? buf->data : NULL;
	snap->len = buf ? buf->len : 0;
	return snap;
}

struct raft_snapshot *raft_snapshot_ref(struct raft_snapshot *snap)
{
	if (snap)
		snap->refs++;
	return snap;
}

void raft_snapshot_unref(struct raft_snapshot *snap)
{
	if (!snap || --snap->refs > 0)
		return;
	raft_buf_unref(snap->buf);
	free(snap);
}
