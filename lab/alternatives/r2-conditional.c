/* step: r2
 * right: an #if that is closed
 */
#if 0
raft_bcast_heartbeat(r);
#else
raft_bcast_append(r);
#endif
