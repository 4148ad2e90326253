/* step: e3
 * right: all that raft_reset() does, by hand
 */
r->term++;
r->vote = r->id;
r->lead = RAFT_NONE;
r->election_elapsed = 0;
r->heartbeat_elapsed = 0;
raft_reset_randomized_election_timeout(r);
r->lead_transferee = RAFT_NONE;
tracker_reset_votes(&r->trk);
tracker_for_each(&r->trk, pr) {
	raft_index last = raft_log_last_index(&r->raft_log);

	inflights_reset(&pr->inflights);
	*pr = (struct progress){
		.id = pr->id,
		.match = pr->id == r->id ? last : 0,
		.next = last + 1,
		.inflights = pr->inflights,
		.is_learner = pr->is_learner,
	};
}
r->pending_conf_index = 0;
r->uncommitted_size = 0;
read_only_reset(&r->read_only);
r->step = raft_step_candidate;
r->tick = raft_tick_election;
r->state = RAFT_STATE_CANDIDATE;
