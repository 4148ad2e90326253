/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of quorum/ share. */
#ifndef RAFT_QUORUM_MAJORITY_INTERNAL_H
#define RAFT_QUORUM_MAJORITY_INTERNAL_H

#include "raft/quorum/quorum.h"

/* quorum_describe_ids draws the table of quorum_majority_describe() for n sorted
 * ids, at most 2 * RAFT_MAX_MEMBERS. */
void quorum_describe_ids(
	const raft_id *ids, size_t n, struct quorum_acked_indexer l, struct strbuf *b);

#endif
