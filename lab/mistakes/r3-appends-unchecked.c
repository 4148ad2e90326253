/* step: r3
 * wrong: appends without the consistency check, and says yes to everything
 * met: the paper's section 5.3 read halfway
 * verdict: fail
 */
r->election_elapsed = 0;
r->lead = m->from;
raft_log_append(&r->raft_log, m->entries.v, m->entries.len);
raft_log_commit_to(&r->raft_log, RAFT_MIN(m->commit, raft_log_last_index(&r->raft_log)));
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .type = MSG_APP_RESP,
		     .index = raft_log_last_index(&r->raft_log),
	     });
