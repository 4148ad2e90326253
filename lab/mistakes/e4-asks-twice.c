/* step: e4
 * wrong: sends the requests itself, and has the code below send them again
 * met: who does not read on
 * verdict: fail
 */
raft_become_candidate(r);
vote_msg = MSG_VOTE;
term = r->term;
tracker_for_each(&r->trk, pr) {
	if (pr->id == r->id)
		continue;
	struct entry_id end = raft_log_last_entry_id(&r->raft_log);
	raft_send(r, &(struct raft_message){
			     .to = pr->id,
			     .type = MSG_VOTE,
			     .term = term,
			     .index = end.index,
			     .log_term = end.term,
		     });
}
