/* step: e5
 * wrong: sends the request itself back
 * met: "answer m", taken at its word; the compiler warns that m is const
 * verdict: fail
 */
raft_send(r, m);
