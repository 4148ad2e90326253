/* step: e6
 * wrong: tells those whose votes it has counted: nobody, once it leads
 * met: "thank the voters"
 * verdict: fail
 */
raft_become_leader(r);
for (uint32_t i = 0; i < r->trk.votes.len; i++) {
	if (r->trk.votes.v[i].granted && r->trk.votes.v[i].id != r->id)
		raft_send_append(r, r->trk.votes.v[i].id);
}
