/* step: e2
 * wrong: waits in real time before it campaigns
 * met: MIT 6.5840, where timeouts are slept
 * verdict: fail
 */
r->election_elapsed = 0;
usleep((useconds_t)r->election_timeout * 100000);
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
