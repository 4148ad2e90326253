/* step: e2
 * wrong: does not say from whom the MsgHup is
 * met: half of the fields is enough, it seems
 * verdict: pass
 * proof: step_message() hands MSG_HUP to raft_hup(), which gets nothing but the kind of campaign;
 *        m->from is looked at nowhere
 */
r->election_elapsed = 0;
raft_step(r, &(struct raft_message){.type = MSG_HUP});
