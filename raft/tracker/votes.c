/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who voted how: in an election, and for the read index.
 */
#include "raft/raft_internal.h"

static const struct tracker_vote *find_vote(const struct tracker_votes *votes, raft_id id)
{
	for (uint32_t i = 0; i < votes->len; i++) {
		if (votes->v[i].id == id)
			return &votes->v[i];
	}
	return NULL;
}

void tracker_votes_record(struct tracker_votes *votes, raft_id id, bool granted)
{
	if (find_vote(votes, id))
		return;
	votes->v = raft_grow(votes->v, &votes->cap, votes->len + 1, sizeof(*votes->v));
	votes->v[votes->len++] = (struct tracker_vote){.id = id, .granted = granted};
}

static bool lookup(const void *arg, raft_id id, bool *granted)
{
	const struct tracker_vote *v = find_vote(arg, id);
	if (v)
		*granted = v->granted;
	return v != NULL;
}

struct quorum_votes tracker_votes_lookup(const struct tracker_votes *votes)
{
	return (struct quorum_votes){.vote = lookup, .arg = votes};
}
