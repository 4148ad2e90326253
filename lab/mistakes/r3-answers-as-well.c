/* step: r3
 * wrong: answers a second time
 * met: raft_handle_append_entries not read to its end
 * verdict: fail
 */
r->election_elapsed = 0;
r->lead = m->from;
raft_handle_append_entries(r, m);
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .type = MSG_APP_RESP,
		     .index = raft_log_last_index(&r->raft_log),
	     });
