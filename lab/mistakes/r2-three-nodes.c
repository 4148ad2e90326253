/* step: r2
 * wrong: sends to the nodes 1 to 3
 * met: right for three nodes only
 * verdict: fail
 */
for (raft_id id = 1; id <= 3; id++) {
	if (id != r->id)
		raft_send_append(r, id);
}
