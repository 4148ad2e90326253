/* step: e1
 * wrong: counts only once there is a term: a new cluster never elects anybody
 * met: a check against nodes that "are not ready yet"
 * verdict: fail
 */
if (r->term > 0)
	r->election_elapsed++;
