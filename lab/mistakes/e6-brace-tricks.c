/* step: e6
 * wrong: closes the block that the blank stands in and opens another
 * met: who would like to have a function of their own
 * verdict: compile-error
 */
raft_become_leader(r);
raft_bcast_append(r);
} if (r->term == 7) {
