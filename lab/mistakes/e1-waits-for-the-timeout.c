/* step: e1
 * wrong: loops until the timeout is over, which only leaves if the loop moves the clock
 * met: who expects time to pass by itself
 * verdict: fail
 * ends: timeout
 */
while (!raft_past_election_timeout(r))
	;
r->election_elapsed++;
