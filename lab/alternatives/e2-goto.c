/* step: e2
 * right: jumps that lead to the same place
 */
	goto restart;
campaign:
	raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
	goto done;
restart:
	r->election_elapsed = 0;
	goto campaign;
done:
	;
