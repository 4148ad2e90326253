/* step: r3
 * right: a block that is left by break
 */
do {
	r->election_elapsed = 0;
	r->lead = m->from;
	raft_handle_append_entries(r, m);
	break;
} while (0);
