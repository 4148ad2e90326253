/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Quorums: what a set of voters has agreed on. A majority configuration is a
 * set of ids (struct raft_ids); a joint one is a pair of them that must both
 * agree (thesis section 4.3). Knows nothing of messages or logs.
 * The original: package quorum.
 */
#ifndef RAFT_QUORUM_QUORUM_H
#define RAFT_QUORUM_QUORUM_H

#include "raft/ids.h"

/* voters[0] is the incoming configuration, voters[1] the outgoing one, empty
 * unless joint. */
struct quorum_joint_config {
	struct raft_ids v[2];
};

/* QUORUM_INFINITY is the committed index of an empty configuration: it agrees
 * to everything, so that the other half of a joint one decides alone. */
#define QUORUM_INFINITY UINT64_MAX

/* How an election stands. */
enum quorum_vote_result {
	QUORUM_VOTE_PENDING = 1, /* neither yet */
	QUORUM_VOTE_LOST,        /* a quorum can no longer be won */
	QUORUM_VOTE_WON,
};

const char *quorum_vote_result_name(enum quorum_vote_result r);

/* quorum_index_string writes a committed index: "5", or "∞". */
void quorum_index_string(raft_index index, struct strbuf *b);

/* Looks up the index that a voter has acknowledged; false if nothing is known
 * of it. */
struct quorum_acked_indexer {
	bool (*acked_index)(const void *arg, raft_id id, raft_index *index);
	const void *arg;
};

/* Looks up how a voter voted; false if it has not voted yet. */
struct quorum_votes {
	bool (*vote)(const void *arg, raft_id id, bool *granted);
	const void *arg;
};

/* quorum_majority_committed_index is the largest index that a majority of c has
 * acknowledged (paper section 5.3 and figure 2: "a majority of matchIndex[i] >= N"). */
raft_index quorum_majority_committed_index(
	const struct raft_ids *c, struct quorum_acked_indexer l);
/* quorum_majority_of is the same for those who know the indexes of all n voters
 * already; it sorts them. This is the commit path of a leader. */
raft_index quorum_majority_of(raft_index *acked, size_t n);
enum quorum_vote_result quorum_majority_vote_result(
	const struct raft_ids *c, struct quorum_votes votes);
/* quorum_majority_string writes "(1 2 3)". */
void quorum_majority_string(const struct raft_ids *c, struct strbuf *b);
/* quorum_majority_describe draws the acknowledged indexes of c as a table. */
void quorum_majority_describe(
	const struct raft_ids *c, struct quorum_acked_indexer l, struct strbuf *b);

/* The same for a joint configuration: what both halves agree on. */
raft_index quorum_joint_committed_index(
	const struct quorum_joint_config *c, struct quorum_acked_indexer l);
enum quorum_vote_result quorum_joint_vote_result(
	const struct quorum_joint_config *c, struct quorum_votes votes);
/* quorum_joint_string writes "(1 2 3)&&(4 5 6)". */
void quorum_joint_string(const struct quorum_joint_config *c, struct strbuf *b);
void quorum_joint_describe(
	const struct quorum_joint_config *c, struct quorum_acked_indexer l, struct strbuf *b);
/* quorum_joint_ids writes the sorted ids of both halves to out, room for
 * 2 * RAFT_MAX_MEMBERS. Returns: how many. */
size_t quorum_joint_ids(const struct quorum_joint_config *c, raft_id *out);

#endif
