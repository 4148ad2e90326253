/* step: e4
 * wrong: begins a campaign within the campaign: endless recursion
 * met: raft_hup taken for what becomes a candidate
 * verdict: fail
 * ends: crash
 */
raft_hup(r, CAMPAIGN_ELECTION);
vote_msg = MSG_VOTE;
term = r->term;
