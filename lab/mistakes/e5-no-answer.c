/* step: e5
 * wrong: notes the vote and tells nobody
 * met: "grant the vote" taken for a field to be set
 * verdict: fail
 */
if (m->type == MSG_VOTE)
	r->vote = m->from;
