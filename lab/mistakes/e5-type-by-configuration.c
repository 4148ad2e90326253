/* step: e5
 * wrong: chooses the answer by this node's configuration, not by the request
 * met: right in a cluster where all nodes are alike, until the pre-vote is won
 * verdict: fail
 */
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = r->pre_vote ? MSG_PRE_VOTE_RESP : MSG_VOTE_RESP,
	     });
