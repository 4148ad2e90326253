/* step: e2
 * right: a MsgHup never fails
 */
enum raft_error err;

r->election_elapsed = 0;
err = raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
if (err != RAFT_OK)
	RAFT_ERRORF(r->logger, "%llx: %s", r->id, raft_strerror(err));
