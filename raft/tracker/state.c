/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names of a Progress's states.
 */
#include "raft/raft.h"

const char *raft_progress_state_name(enum raft_progress_state state)
{
	static const char *const names[] = {
		[RAFT_PROGRESS_PROBE] = "StateProbe",
		[RAFT_PROGRESS_REPLICATE] = "StateReplicate",
		[RAFT_PROGRESS_SNAPSHOT] = "StateSnapshot",
	};
	return names[state];
}
