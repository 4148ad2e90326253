/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of the quorum package.
 */
#include "raft/quorum/quorum.h"

const char *quorum_vote_result_name(enum quorum_vote_result r)
{
	static const char *const names[] = {
		[QUORUM_VOTE_PENDING] = "VotePending",
		[QUORUM_VOTE_LOST] = "VoteLost",
		[QUORUM_VOTE_WON] = "VoteWon",
	};
	return names[r];
}

void quorum_index_string(raft_index index, struct strbuf *b)
{
	if (index == QUORUM_INFINITY)
		strbuf_puts(b, "∞");
	else
		strbuf_printf(b, "%llu", index);
}
