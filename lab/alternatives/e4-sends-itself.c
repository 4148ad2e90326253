/* step: e4
 * right: sends all that the code below sends, and leaves
 */
struct entry_id end = raft_log_last_entry_id(&r->raft_log);
raft_id voters[2 * RAFT_MAX_MEMBERS];
size_t count = tracker_voter_nodes(&r->trk, voters);

raft_become_candidate(r);
for (size_t k = 0; k < count; k++) {
	struct raft_message ask = {.to = voters[k], .term = r->term, .type = MSG_VOTE};

	if (voters[k] == r->id) {
		ask.type = MSG_VOTE_RESP;
	} else {
		ask.index = end.index;
		ask.log_term = end.term;
		if (t == CAMPAIGN_TRANSFER)
			raft_context_set(&ask.context, CAMPAIGN_TRANSFER_CONTEXT,
				strlen(CAMPAIGN_TRANSFER_CONTEXT));
	}
	raft_send(r, &ask);
}
return;
