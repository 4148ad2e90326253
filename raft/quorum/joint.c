/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What both halves of a joint configuration agree on. The original:
 * quorum/joint.go.
 */
#include "raft/quorum/majority_internal.h"

raft_index quorum_joint_committed_index(
	const struct quorum_joint_config *c, struct quorum_acked_indexer l)
{
	raft_index in = quorum_majority_committed_index(&c->v[0], l);
	raft_index out = quorum_majority_committed_index(&c->v[1], l);
	return in < out ? in : out;
}

enum quorum_vote_result quorum_joint_vote_result(
	const struct quorum_joint_config *c, struct quorum_votes votes)
{
	enum quorum_vote_result in = quorum_majority_vote_result(&c->v[0], votes);
	enum quorum_vote_result out = quorum_majority_vote_result(&c->v[1], votes);

	if (in == out)
		return in;
	if (in == QUORUM_VOTE_LOST || out == QUORUM_VOTE_LOST)
		return QUORUM_VOTE_LOST;
	return QUORUM_VOTE_PENDING;
}

void quorum_joint_string(const struct quorum_joint_config *c, struct strbuf *b)
{
	quorum_majority_string(&c->v[0], b);
	if (c->v[1].len > 0) {
		strbuf_puts(b, "&&");
		quorum_majority_string(&c->v[1], b);
	}
}

size_t quorum_joint_ids(const struct quorum_joint_config *c, raft_id *out)
{
	return raft_ids_union(&c->v[0], &c->v[1], out);
}

void quorum_joint_describe(
	const struct quorum_joint_config *c, struct quorum_acked_indexer l, struct strbuf *b)
{
	raft_id ids[2 * RAFT_MAX_MEMBERS];
	quorum_describe_ids(ids, quorum_joint_ids(c, ids), l, b);
}
