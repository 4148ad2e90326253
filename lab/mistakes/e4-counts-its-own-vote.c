/* step: e4
 * wrong: counts its own vote at once, before that is on disk
 * met: older versions of etcd's raft did: poll() in campaign()
 * verdict: fail
 */
int granted, rejected;

raft_become_candidate(r);
vote_msg = MSG_VOTE;
term = r->term;
raft_poll(r, r->id, MSG_VOTE_RESP, true, &granted, &rejected);
