/* step: e4
 * wrong: writes past the end of an array of its own
 * met: node ids used as indexes from zero
 * verdict: fail
 * ends: crash
 */
raft_id asked[1];

raft_become_candidate(r);
vote_msg = MSG_VOTE;
term = r->term;
for (size_t k = 0; k < 100000; k++)
	((volatile raft_id *)asked)[k] = k;
