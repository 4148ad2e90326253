/* step: e4
 * wrong: gives a name that the code below uses another meaning
 * met: who would like to see what the grader does
 * verdict: tampered
 */
#undef CAMPAIGN_TRANSFER_CONTEXT
#define CAMPAIGN_TRANSFER_CONTEXT ""
raft_become_candidate(r);
vote_msg = MSG_VOTE;
term = r->term;
