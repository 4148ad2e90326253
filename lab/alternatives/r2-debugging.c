/* step: r2
 * right: prints, which is nobody's concern
 */
fprintf(stderr, "leader %llu: %u new entries\n", r->id, m->entries.len);
raft_bcast_append(r);
fflush(stdout);
