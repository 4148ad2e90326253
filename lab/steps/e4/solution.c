raft_become_candidate(r);
vote_msg = MSG_VOTE;
term = r->term;
