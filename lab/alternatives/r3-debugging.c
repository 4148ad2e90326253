/* step: r3
 * right: prints, which is nobody's concern
 */
for (uint32_t i = 0; i < m->entries.len; i++)
	printf("  entry %llu of term %llu\n", m->entries.v[i].index, m->entries.v[i].term);
r->election_elapsed = 0;
r->lead = m->from;
raft_handle_append_entries(r, m);
