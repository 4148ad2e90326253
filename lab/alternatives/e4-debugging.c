/* step: e4
 * right: prints, which is nobody's concern
 */
raft_term old = r->term;
raft_become_candidate(r);
printf("node %llu: term %llu -> %llu\n", r->id, old, r->term);
vote_msg = MSG_VOTE;
term = r->term;
