/* step: r3
 * wrong: takes whom it voted for for the leader
 * met: right whenever it voted for the winner
 * verdict: fail
 */
r->election_elapsed = 0;
r->lead = r->vote;
raft_handle_append_entries(r, m);
