/* step: e1
 * wrong: stops counting at election_timeout, which most random timeouts lie above
 * met: right for a node whose random timeout happens to be the shortest
 * verdict: fail
 */
if (r->election_elapsed < r->election_timeout)
	r->election_elapsed++;
