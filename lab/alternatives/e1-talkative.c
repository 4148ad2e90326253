/* step: e1
 * right: prints a lot at every tick
 */
r->election_elapsed++;
for (int i = 0; i < 5; i++)
	printf("tick %d of node %llu in term %llu (%d); lead %llu, vote %llu, timeouts %d and %d\n",
		r->election_elapsed, r->id, r->term, i, r->lead, r->vote, r->election_timeout,
		r->randomized_election_timeout);
