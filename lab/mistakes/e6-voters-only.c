/* step: e6
 * wrong: leaves learners without a word
 * met: a loop over voters, copied from raft_campaign
 * verdict: fail
 */
raft_id ids[2 * RAFT_MAX_MEMBERS];
size_t n = tracker_voter_nodes(&r->trk, ids);

raft_become_leader(r);
for (size_t i = 0; i < n; i++) {
	if (ids[i] != r->id)
		raft_send_append(r, ids[i]);
}
